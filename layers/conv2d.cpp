// The op conv2d and its gradient: each image becomes a matrix with a column for every place of the
// kernel ("im2col"; Chellapilla et al. 2006), so that the convolution is a product of matrices.
#include "conv2d.h"

#include <algorithm>

#include "../core/blas.h"
#include "../core/buffer.h"
#include "../core/parallel.h"

namespace temper::inline TEMPER_PRECISION {

namespace {
struct Sizes {
  int n, in, height, width;  // of x
  int out, kh, kw;           // of the weight
  int oh, ow;                // of the result
  Conv2dOptions o;

  int places() const { return oh * ow; }
  int window() const { return in / o.groups * kh * kw; }  // numbers that one number of y comes from
  std::size_t image() const { return size(in, height * width); }
  std::size_t result() const { return size(out, places()); }
  std::size_t columns() const { return size(in * kh * kw, places()); }

  static std::size_t size(int a, int b) {
    return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
  }
};

Sizes sizes_of(const Shape& x, const Shape& w, const Shape& b, bool bias, const Conv2dOptions& o) {
  require(o.stride >= 1 && o.padding >= 0 && o.dilation >= 1 && o.groups >= 1,
          "conv2d: stride, dilation and groups must be at least 1 and padding at least 0, got ",
          o.stride, ", ", o.dilation, ", ", o.groups, " and ", o.padding);
  require(x.rank() == 4 && w.rank() == 4, "conv2d: x ", x, " and weight ", w,
          " must be [n, in, h, w] and [out, in / groups, kh, kw]");
  require(w[1] * o.groups == x[1] && w[0] % o.groups == 0, "conv2d: x ", x, ", weight ", w,
          " and groups ", o.groups, ": x must have groups times the weight's channels, ",
          "and out be divisible by groups");
  require(!bias || b == Shape{w[0]}, "conv2d: bias ", b, " does not fit weight ", w);
  const auto places = [&](int length, int kernel) {
    const int room = length + 2 * o.padding - o.dilation * (kernel - 1) - 1;
    require(kernel >= 1 && room >= 0, "conv2d: the kernel of weight ", w, " with dilation ",
            o.dilation, " does not fit into x ", x, " with padding ", o.padding);
    return room / o.stride + 1;
  };
  return {x[0], x[1], x[2], x[3], w[0], w[2], w[3], places(x[2], w[2]), places(x[3], w[3]), o};
}

// Row (c, i, j) of the columns is what the weight (c, i, j) meets at each place of the kernel:
// pixel (c, y, x) with y = stride · oy - padding + dilation · i, and x alike. Calls f(first, count,
// pixel) for every stretch of a row that lies inside of the image: from `first` on, `count` places
// meet the pixels pixel, pixel + stride, ….
template <class F>
void for_each_stretch(const Sizes& s, F f) {
  const auto inside = [&](int length, int places, int offset) {  // the places that meet a pixel
    const int before = std::max(0, -offset + s.o.stride - 1) / s.o.stride;
    const int end = length > offset ? (length - offset + s.o.stride - 1) / s.o.stride : 0;
    return std::pair(before, std::max(before, std::min(end, places)));
  };
  std::size_t row = 0;
  for (int c = 0; c < s.in; ++c) {
    for (int i = 0; i < s.kh; ++i) {
      const int y = s.o.dilation * i - s.o.padding;
      const auto [top, bottom] = inside(s.height, s.oh, y);
      for (int j = 0; j < s.kw; ++j, row += Sizes::size(s.oh, s.ow)) {
        const int x = s.o.dilation * j - s.o.padding;
        const auto [left, right] = inside(s.width, s.ow, x);
        for (int oy = top; oy < bottom; ++oy)
          f(row + Sizes::size(oy, s.ow) + static_cast<std::size_t>(left), right - left,
            Sizes::size(c * s.height + y + s.o.stride * oy, s.width) +
                static_cast<std::size_t>(x + s.o.stride * left));
      }
    }
  }
}

void to_columns(const Sizes& s, const Real* image, Real* columns) {
  if (s.o.padding > 0) std::fill_n(columns, s.columns(), Real(0));
  for_each_stretch(s, [=, stride = s.o.stride](std::size_t first, int count, std::size_t pixel) {
    for (int k = 0; k < count; ++k) columns[first + k] = image[pixel + k * stride];
  });
}

void add_columns(const Sizes& s, const Real* columns, Real* image) {
  for_each_stretch(s, [=, stride = s.o.stride](std::size_t first, int count, std::size_t pixel) {
    for (int k = 0; k < count; ++k) image[pixel + k * stride] += columns[first + k];
  });
}

// Memory of the calling thread, kept for the next call.
Real* scratch(std::size_t size) {
  thread_local Buffer<Real> memory;
  if (memory.size() < size) memory = Buffer<Real>::uninitialized(size);
  return memory.data();
}

// Matrix g of as many as there are groups, one after the other in memory.
Matrix part(Real* data, int g, int rows, int cols) {
  return {data + g * Sizes::size(rows, cols), rows, cols, false};
}
}  // namespace

Tensor conv2d(Tensor x, Tensor weight, Tensor bias, const Conv2dOptions& options) {
  const bool biased = bias.data != nullptr;
  const Sizes s = sizes_of(x.shape, weight.shape, bias.shape, biased, options);
  const Shape shape{s.n, s.out, s.oh, s.ow};
  Tensor y = biased ? make_result("conv2d", shape, {x, weight, bias})
                    : make_result("conv2d", shape, {x, weight});
  const int out = s.out / options.groups, window = s.window(), places = s.places();
  const auto n = static_cast<std::size_t>(s.n);
  const std::size_t work = s.result() * static_cast<std::size_t>(window);
  for_each_block(n, 1, work, [=](std::size_t i, std::size_t) {
    Real* columns = scratch(s.columns());
    Real* result = y.data + i * s.result();
    to_columns(s, x.data + i * s.image(), columns);
    for (int c = 0; c < s.out; ++c)
      std::fill_n(result + Sizes::size(c, places), places, biased ? bias.data[c] : Real(0));
    for (int g = 0; g < s.o.groups; ++g)
      multiply_add_alone(part(weight.data, g, out, window), part(columns, g, window, places),
                         part(result, g, out, places));
  });

  // The gradient of the weight is summed over a few blocks of images, and these sums in order, so
  // that threads do not change it.
  const std::size_t block = std::max<std::size_t>(1, (n + 15) / 16),
                    blocks = (n + block - 1) / block;
  const bool learns = y.grad != nullptr && weight.grad != nullptr;
  Real* sums =
      learns
          ? y.tape->result({static_cast<int>(blocks), static_cast<int>(weight.size())}, false).data
          : nullptr;
  on_backward("conv2d", y, [=] {
    for_each_block(n, block, work, [=](std::size_t begin, std::size_t end) {
      Real* columns = scratch(s.columns());
      Real* dw = learns ? sums + begin / block * weight.size() : nullptr;
      if (learns) std::fill_n(dw, weight.size(), Real(0));
      for (std::size_t i = begin; i < end; ++i) {
        Real* dy = y.grad + i * s.result();
        if (learns) {  // dW += dy columnsᵀ
          to_columns(s, x.data + i * s.image(), columns);
          for (int g = 0; g < s.o.groups; ++g)
            multiply_add_alone(part(dy, g, out, places),
                               transpose(part(columns, g, window, places)),
                               part(dw, g, out, window));
        }
        if (x.grad != nullptr) {  // dcolumns = Wᵀ dy
          std::fill_n(columns, s.columns(), Real(0));
          for (int g = 0; g < s.o.groups; ++g)
            multiply_add_alone(transpose(part(weight.data, g, out, window)),
                               part(dy, g, out, places), part(columns, g, window, places));
          add_columns(s, columns, x.grad + i * s.image());
        }
      }
    });
    if (learns)
      for (std::size_t b = 0; b < blocks; ++b)
        for_each_index(weight.size(), [=, dw = sums + b * weight.size()](std::size_t k) {
          weight.grad[k] += dw[k];
        });
    if (biased && bias.grad != nullptr)
      for_each_row(static_cast<std::size_t>(s.out), n * static_cast<std::size_t>(places),
                   [=](std::size_t c) {
                     for (std::size_t i = 0; i < n; ++i) {
                       const Real* dy =
                           y.grad + i * s.result() + c * static_cast<std::size_t>(places);
                       bias.grad[c] += sum_range(0, static_cast<std::size_t>(places),
                                                 [=](std::size_t p) { return dy[p]; });
                     }
                   });
  });
  return y;
}

Conv2d::Conv2d(int in, int out, int kernel, Rng& rng, const Conv2dOptions& options,
               const AffineOptions& affine)
    : options_(options),
      affine_(
          [&]() -> Shape {
            require(in >= 1 && out >= 1 && kernel >= 1 && options.groups >= 1,
                    "Conv2d: in, out, kernel and groups must be at least 1, got ", in, ", ", out,
                    ", ", kernel, " and ", options.groups);
            require(in % options.groups == 0 && out % options.groups == 0, "Conv2d: in ", in,
                    " and out ", out, " must be divisible by groups ", options.groups);
            return {out, in / options.groups, kernel, kernel};
          }(),
          rng, affine) {}

std::string Conv2d::name() const {
  const Shape& w = affine_.weight.tensor().shape;
  std::string name = text("Conv2d(", w[1] * options_.groups, ", ", w[0], ", ", w[2]);
  const auto add = [&](const char* what, int value, int usual) {
    if (value != usual) name += text(", ", what, " ", value);
  };
  add("stride", options_.stride, 1);
  add("padding", options_.padding, 0);
  add("dilation", options_.dilation, 1);
  add("groups", options_.groups, 1);
  return name + ")";
}
}  // namespace temper::inline TEMPER_PRECISION
