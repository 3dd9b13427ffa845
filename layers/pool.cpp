// Pooling: walks over the pairs of an output and a pixel in its window, forward and backward.
#include "pool.h"

#include "../core/parallel.h"
#include "kernels/max_pool2d_halves.h"

namespace temper {
namespace {
struct Windows {
  int kernel, stride, padding, counted, h, w;  // `counted` of the padding in a mean
  int out_h, out_w, outputs;                   // of a plane
  Shape y;                                     // of the result

  Windows(const char* op, const Shape& x, int size, const PoolOptions& o)
      : stride(o.stride.value_or(size)), padding(o.padding) {
    require(x.rank() == 4, op, ": images [n, c, h, w] are needed, got ", x);
    require(size >= 1 && stride >= 1 && padding >= 0 && padding <= size / 2, op, ": kernel ", size,
            ", stride ", stride, ", padding ", padding,
            ": the first two must be at least 1, the padding in 0 … kernel / 2");
    counted = o.count_include_pad ? padding : 0;
    h = x[2], w = x[3];
    require(std::min(h, w) > 0 && extent(h + 2.0 * padding, w + 2.0 * padding) <= 0x1p30, op,
            ": images ", x, " with padding ", padding, ": planes of 1 to 2^30 pixels are needed");
    const auto places = [&](int in) {
      const std::int64_t room = in + 2 * padding - size + (o.ceil_mode ? stride - 1LL : 0);
      require(room >= 0, op, ": the kernel ", size, " is larger than the images of ", x,
              " with padding ", padding);
      return static_cast<int>(room / stride + (room / stride * stride < in + padding));
    };
    out_h = places(h), out_w = places(w);
    y = {x[0], x[1], out_h, out_w}, outputs = out_h * out_w;
    const int far = std::max(h, w) + 2 * padding;  // what is farther is all the same
    kernel = std::min(size, far);
    stride = std::min(stride, far);
  }

  // Begin and end of the outputs along an axis whose windows have no padding at place `tap`.
  std::pair<int, int> inside(int tap, int in, int out) const {
    const int first = tap - padding;  // the pixel that output 0 has there
    return {first < 0 ? (stride - 1 - first) / stride : 0,
            std::min(out, (in - 1 - first + stride) / stride)};
  }

  // One over how many numbers the mean of an output is of.
  Real share(int o) const {
    const auto count = [this](int place, int in) {
      const int begin = place * stride - padding;
      return static_cast<Real>(std::min(begin + kernel, in + counted) - std::max(begin, -counted));
    };
    return 1 / (count(o / out_w, h) * count(o % out_w, w));
  }

  // f(pixels before the plane, outputs before the plane) for every image of every channel
  void for_each_plane(auto f) const {
    const std::size_t in = Shape{h, w}.size(), out = Shape{outputs}.size();
    for_each_row(y.size() / out, std::max(in, out * static_cast<std::size_t>(kernel)),
                 [=](std::size_t p) { f(p * in, p * out); });
  }
};

// f(o, i) for every output o of a plane and every pixel i of its window. The pixels of an output
// come in their order; the inner loop is over outputs, which are independent, so it vectorises.
void for_each_pair(const Windows v, auto f) {
  vectorized([=] {
    const auto walk = [=](int stride) {
      for (int ky = 0; ky < v.kernel; ++ky)
        for (int kx = 0; kx < v.kernel; ++kx) {
          const auto rows = v.inside(ky, v.h, v.out_h), columns = v.inside(kx, v.w, v.out_w);
          for (int r = rows.first; r < rows.second; ++r) {
            const int o = r * v.out_w, i = (r * stride + ky - v.padding) * v.w + kx - v.padding;
            TEMPER_VECTORS
            for (int c = columns.first; c < columns.second; ++c) f(o + c, i + c * stride);
          }
        }
    };
    v.stride == 2 ? walk(2) : walk(v.stride);  // a stride the compiler knows needs no gathers
  });
}
}  // namespace

Tensor max_pool2d(Tensor x, int kernel, PoolOptions options) {
  const Windows windows("max_pool2d", x.shape, kernel, options);
  Tensor y = make_result("max_pool2d", windows.y, {&x});
  // where in its plane the maximum was: nobody asks when inferring
  Real* from = y.grad != nullptr ? y.tape->result(y.shape, false).data : nullptr;
  windows.for_each_plane([=](std::size_t in, std::size_t out) {
    const Real* pixel = x.data + in;
    Real* largest = y.data + out;
    thread_local Scratch places{"max_pool2d"};
    int* at = reinterpret_cast<int*>(
        from != nullptr ? from + out : places.at_least(Shape{windows.outputs}.size()));
    if (kernel == 2 && windows.stride == 2 && windows.padding == 0 && !options.ceil_mode)
      return max_of_halves(pixel, windows.w, windows.out_h, windows.out_w, largest, at);
    std::fill_n(at, windows.outputs, 0);
    std::fill_n(largest, windows.outputs, std::numeric_limits<Real>::quiet_NaN());
    // min and max, with operands in this order, instead of conditions: those would be branches that
    // no processor can predict. The first pixel beats NaN; NaN beats all and counts as infinity.
    for_each_pair(windows, [=](int o, int i) {
      at[o] = std::max(at[o], pixel[i] <= largest[o] ? 0 : i);
      largest[o] = std::max(std::min(std::numeric_limits<Real>::infinity(), pixel[i]), largest[o]);
    });
    for (int o = 0; o < windows.outputs; ++o) largest[o] = pixel[at[o]];
  });
  on_backward("max_pool2d", y, [=] {
    windows.for_each_plane([=](std::size_t in, std::size_t out) {
      const int* at = reinterpret_cast<const int*>(from + out);
      const Real* dy = y.grad + out;
      Real* dx = x.grad + in;
      for (int o = 0; o < windows.outputs; ++o) dx[at[o]] += dy[o];
    });
  });
  return y;
}

Tensor avg_pool2d(Tensor x, int kernel, PoolOptions options) {
  const Windows windows("avg_pool2d", x.shape, kernel, options);
  Tensor y = make_result("avg_pool2d", windows.y, {&x});
  const auto pool = [=](auto share) {
    windows.for_each_plane([=](std::size_t in, std::size_t out) {
      std::fill_n(y.data + out, windows.outputs, Real(0));
      for_each_pair(windows, [=, pixel = x.data + in, mean = y.data + out](int o, int i) {
        mean[o] += share(o) * pixel[i];
      });
    });
    on_backward("avg_pool2d", y, [=] {
      windows.for_each_plane([=](std::size_t in, std::size_t out) {
        for_each_pair(windows, [=, dx = x.grad + in, dy = y.grad + out](int o, int i) {
          dx[i] += share(o) * dy[o];
        });
      });
    });
    return y;
  };
  if (windows.counted == windows.padding && !options.ceil_mode)  // all shares are alike: faster
    return pool([all = windows.share(0)](int) { return all; });
  Real* shares = y.tape->result({windows.outputs}, false).data;
  for (int o = 0; o < windows.outputs; ++o) shares[o] = windows.share(o);
  return pool([=](int o) { return shares[o]; });
}

Tensor global_avg_pool2d(Tensor x) {
  require(x.shape.rank() == 4, "global_avg_pool2d: images [n, c, h, w] are needed, got ", x.shape);
  return mean(reshape(x, {x.shape[0], x.shape[1], std::int64_t{x.shape[2]} * x.shape[3]}), -1);
}
}  // namespace temper
