// Convolution as one product of matrices: the image becomes a matrix with a column for every place
// of the kernel ("im2col"; Chellapilla et al. 2006).
#include <algorithm>

#include "conv2d_kernels.h"

namespace temper {

namespace {
thread_local Scratch scratch{"conv2d"};

std::size_t columns_size(const Convolution& s) {
  return Convolution::area(s.in * s.kh * s.kw, s.places());
}

// Row (c, i, j) of the columns is what the weight (c, i, j) meets at each place (oy, ox): the pixel
// (c, y, x) with y = stride · oy + dilation · i - padding, and x alike. Calls f(number in the
// columns, pixel) for those that lie inside of the image.
template <class F>
void for_each_pair(const Convolution& s, F f) {
  const auto inside = [=](int length, int places, int offset) {  // begin and end of these places
    const int begin = std::max(0, s.stride - 1 - offset) / s.stride;
    return std::pair(begin,
                     std::min((std::max(0, length - offset) + s.stride - 1) / s.stride, places));
  };
  std::size_t row = 0;
  for (int c = 0; c < s.in; ++c) {
    for (int i = 0; i < s.kh; ++i) {
      const int y = s.dilation * i - s.padding;
      const auto [top, bottom] = inside(s.height, s.oh, y);
      for (int j = 0; j < s.kw; ++j, row += Convolution::area(s.oh, s.ow)) {
        const int x = s.dilation * j - s.padding;
        const auto [left, right] = inside(s.width, s.ow, x);
        for (int oy = top; oy < bottom; ++oy) {
          const std::size_t first = row + static_cast<std::size_t>(oy * s.ow + left),
                            pixel = Convolution::area(c * s.height + y + s.stride * oy, s.width) +
                                    static_cast<std::size_t>(x + s.stride * left),
                            count = static_cast<std::size_t>(std::max(right - left, 0)),
                            stride = static_cast<std::size_t>(s.stride);
          for (std::size_t k = 0; k < count; ++k) f(first + k, pixel + k * stride);
        }
      }
    }
  }
}

void to_columns(const Convolution& s, const Real* image, Real* columns) {
  if (s.padding > 0) std::fill_n(columns, columns_size(s), Real(0));
  for_each_pair(s, [=](std::size_t k, std::size_t pixel) { columns[k] = image[pixel]; });
}

void add_columns(const Convolution& s, const Real* columns, Real* image) {
  for_each_pair(s, [=](std::size_t k, std::size_t pixel) { image[pixel] += columns[k]; });
}

// Calls f(g, W, columns, result) with the matrices of each group of channels.
template <class F>
void for_each_group(const Convolution& s, const Real* weight, const Real* columns,
                    const Real* result, F f) {
  const int out = s.out / s.groups;
  for (int g = 0; g < s.groups; ++g)
    f(matrix(weight, g, out, s.window()), matrix(columns, g, s.window(), s.places()),
      matrix(result, g, out, s.places()));
}

void forward(const Convolution& s, int /*one*/, const Real* x, const Real* weight, const Real* bias,
             Real* y) {
  start_from_bias(s, bias, y);
  Real* columns = scratch.at_least(columns_size(s));
  to_columns(s, x, columns);
  for_each_group(s, weight, columns, y,
                 [](Matrix W, Matrix C, Matrix Y) { multiply_add_alone(W, C, Y); });
}

void backward(const Convolution& s, int /*one*/, const Real* x, const Real* weight, const Real* dy,
              Real* dx, Real* dweight) {
  Real* columns = scratch.at_least(columns_size(s));
  if (dweight != nullptr) {
    to_columns(s, x, columns);
    for_each_group(s, dweight, columns, dy, [](Matrix dW, Matrix C, Matrix dY) {
      multiply_add_alone(dY, transpose(C), dW);
    });
  }
  if (dx != nullptr) {
    std::fill_n(columns, columns_size(s), Real(0));
    for_each_group(s, weight, columns, dy, [](Matrix W, Matrix dC, Matrix dY) {
      multiply_add_alone(transpose(W), dY, dC);
    });
    add_columns(s, columns, dx);
  }
}
}  // namespace

const ConvolutionKernel columns_kernel = {1,       weight_size, copy_weight,
                                          forward, backward,    add_weight};
}  // namespace temper
