// The op conv2d and its gradient: a loop over images; what happens to one is in its kernels.
#include "conv2d.h"

#include "../core/parallel.h"
#include "kernels/conv2d_kernels.h"

namespace temper {
static Convolution convolution(const Shape& x, const Shape& w, const Shape& b, bool bias,
                               const Conv2dOptions& o) {
  const auto& [stride, padding, dilation, groups] = o;
  require(stride >= 1 && padding >= 0 && dilation >= 1 && groups >= 1,
          "conv2d: stride, dilation and groups must be at least 1 and padding at least 0, got ",
          stride, ", ", dilation, ", ", groups, " and ", padding);
  require(x.rank() == 4 && w.rank() == 4, "conv2d: x ", x, " and weight ", w,
          " must be [n, in, h, w] and [out, in / groups, kh, kw]");
  require(std::int64_t{w[1]} * groups == x[1] && w[0] % groups == 0, "conv2d: x ", x, ", weight ",
          w, " and groups ", groups, ": x must have groups times the weight's channels, ",
          "and out be divisible by groups");
  require(!bias || b == Shape{w[0]}, "conv2d: bias ", b, " does not fit weight ", w);
  const auto places = [&](int length, int kernel) {
    const std::int64_t room =
        length + 2 * std::int64_t{o.padding} - std::int64_t{o.dilation} * (kernel - 1) - 1;
    require(kernel >= 1 && room >= 0, "conv2d: the kernel of weight ", w, " with dilation ",
            o.dilation, " does not fit into x ", x, " with padding ", o.padding);
    return static_cast<int>(std::min<std::int64_t>(room / o.stride, 1 << 30)) + 1;
  };
  const int oh = places(x[2], w[2]), ow = places(x[3], w[3]);
  require(std::max({extent(w[0], w[1], w[2], w[3]), extent(x[1], w[2], w[3]), extent(w[0], oh, ow),
                    extent(x[1], x[2] + 2.0 * padding, x[3] + 2.0 * padding)}) <= 0x1p30,
          "conv2d: x ", x, ", weight ", w, ", padding ", padding,
          ": the weight, a padded image or a result has more than 2^30 numbers");
  const int step = std::min(stride, std::max(x[2], x[3]) + 2 * padding);  // farther is no place
  return {x[0], x[1], x[2], x[3], w[0], w[2], w[3], oh, ow, step, padding, dilation, groups};
}

Tensor conv2d(Tensor x, Tensor weight, Tensor bias, const Conv2dOptions& options) {
  const bool biased = bias.data != nullptr;
  const Convolution s = convolution(x.shape, weight.shape, bias.shape, biased, options);
  const ConvolutionKernel* kernel = winograd_fits(s) ? &winograd_kernel
                                    : lanes_fit(s)   ? &lanes_kernel
                                                     : &columns_kernel;
  const auto together = static_cast<std::size_t>(kernel->images), n = static_cast<std::size_t>(s.n);
  Tensor y =
      make_result("conv2d", {s.n, s.out, s.oh, s.ow}, {&x, &weight, biased ? &bias : nullptr});
  const std::size_t size = kernel->form_size(s), places = static_cast<std::size_t>(s.places());
  const std::size_t work = s.result() * static_cast<std::size_t>(s.window());
  const Shape formed{static_cast<std::int64_t>(size)};
  Real* form = y.tape->result(formed, false).data;
  kernel->to_form(s, weight.data, form);
  const OneBlasThread forward_guard;
  for_each_block(n, together, work, [=](std::size_t begin, std::size_t end) {
    kernel->forward(s, static_cast<int>(end - begin), x.data + begin * s.image(), form, bias.data,
                    y.data + begin * s.result());
  });

  // The gradient of the weight is summed by blocks of images, in order: threads do not change it.
  const std::size_t block =
      std::max<std::size_t>(1, (n + 16 * together - 1) / (16 * together)) * together;
  const std::size_t blocks = (n + block - 1) / block;
  Real* sums = nullptr;
  if (y.grad != nullptr && weight.grad != nullptr)
    sums = y.tape->result(formed.batched(static_cast<std::int64_t>(blocks)), false).data;
  on_backward("conv2d", y, [=] {
    const OneBlasThread backward_guard;
    for_each_block(n, block, work, [=](std::size_t begin, std::size_t end) {
      Real* dform = sums == nullptr ? nullptr : sums + begin / block * size;
      if (dform != nullptr) std::fill_n(dform, size, Real(0));
      for (std::size_t i = begin; i < end; i += together)
        kernel->backward(s, static_cast<int>(std::min(together, end - i)), x.data + i * s.image(),
                         form, y.grad + i * s.result(),
                         x.grad == nullptr ? nullptr : x.grad + i * s.image(), dform);
    });
    if (sums != nullptr && n > 0) {
      sum_rows(blocks - 1, size, sums, [=](auto b, auto k) { return sums[(b + 1) * size + k]; });
      kernel->from_form(s, sums, weight.grad);
    }
    if (bias.grad != nullptr)
      for_each_row(static_cast<std::size_t>(s.out), n * places, [=](std::size_t c) {
        for (std::size_t i = 0; i < n; ++i) {
          const Real* dy = y.grad + i * s.result() + c * places;
          bias.grad[c] += sum_range(0, places, [=](std::size_t p) { return dy[p]; });
        }
      });
  });
  return y;
}

Conv2d::Conv2d(int in, int out, int kernel, Rng& rng, const Conv2dOptions& options,
               const AffineOptions& affine)
    : options_(options) {
  const int groups = options.groups;
  require(in >= 1 && out >= 1 && kernel >= 1 && groups >= 1,
          "Conv2d: in, out, kernel and groups must be at least 1, got ", in, ", ", out, ", ",
          kernel, " and ", groups);
  require(in % groups == 0 && out % groups == 0, "Conv2d: in ", in, " and out ", out,
          " must be divisible by groups ", groups);
  start({out, in / groups, kernel, kernel}, rng, affine);
}

std::string Conv2d::name() const {
  const Shape& w = weight_.tensor().shape;
  const auto& [stride, padding, dilation, groups] = options_;
  std::string name = to_string("Conv2d(", w[1] * groups, ", ", w[0], ", ", w[2]);
  if (stride != 1) name += to_string(", stride ", stride);
  if (padding != 0) name += to_string(", padding ", padding);
  if (dilation != 1) name += to_string(", dilation ", dilation);
  if (groups != 1) name += to_string(", groups ", groups);
  return name + ")";
}
}  // namespace temper
