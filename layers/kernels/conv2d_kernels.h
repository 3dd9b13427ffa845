// The kernels of conv2d: ways to compute an image, or a few at once, with the same numbers up to
// rounding. Whoever skips this folder loses nothing but speed.
//
// What they compute: columns_kernel does any convolution, as a product of matrices; the tests
// compare it with the definition and with PyTorch, and the others with it (conv2d_test.cpp).
// Which one is taken: conv2d.cpp asks winograd_fits() and lanes_fit(), which look at shapes alone.
// Their bounds are about where a kernel was measured to overtake columns, on one thread with
// AVX-512, forward and backward.
#pragma once

#include <algorithm>
#include <cstddef>

#include "../../core/blas.h"
#include "../../core/buffer.h"

namespace temper {
struct Convolution {
  int n, in, height, width;  // of x
  int out, kh, kw;           // of the weight
  int oh, ow;                // of the result
  int stride, padding, dilation, groups;

  int places() const { return oh * ow; }
  int window() const { return in / groups * kh * kw; }  // numbers behind one of the result
  std::size_t image() const { return area(in, height * width); }
  std::size_t result() const { return area(out, places()); }

  static std::size_t area(int a, int b) {
    return static_cast<std::size_t>(a) * static_cast<std::size_t>(b);
  }
};

// A kernel may bring the weight into a form of its own, once for all images.
struct ConvolutionKernel {
  int images;  // at most so many, n, are computed in a call
  std::size_t (*form_size)(const Convolution&);
  void (*to_form)(const Convolution&, const Real* weight, Real* form);
  // y = bias + w ⋆ x, without a bias if it is null
  void (*forward)(const Convolution&, int n, const Real* x, const Real* form, const Real* bias,
                  Real* y);
  // dx += and dform += what dy gives them, each unless it is null
  void (*backward)(const Convolution&, int n, const Real* x, const Real* form, const Real* dy,
                   Real* dx, Real* dform);
  void (*from_form)(const Convolution&, const Real* dform, Real* dweight);  // dweight +=
};

extern const ConvolutionKernel columns_kernel;   // any convolution: the specification
extern const ConvolutionKernel winograd_kernel;  // kernels 3 x 3 at stride 1
extern const ConvolutionKernel lanes_kernel;     // stride 1, several images

// Whether these can do it and are faster than columns.
bool winograd_fits(const Convolution& s);
bool lanes_fit(const Convolution& s);

// The form of a kernel that needs none.
inline std::size_t weight_size(const Convolution& s) {
  return Convolution::area(s.out, s.window());
}
inline void copy_weight(const Convolution& s, const Real* weight, Real* form) {
  std::copy_n(weight, weight_size(s), form);
}
inline void add_weight(const Convolution& s, const Real* dform, Real* dweight) {
  for (std::size_t i = 0; i < weight_size(s); ++i) dweight[i] += dform[i];
}

// y = bias, for one image.
inline void start_from_bias(const Convolution& s, const Real* bias, Real* y) {
  const auto places = static_cast<std::size_t>(s.places());
  for (int c = 0; c < s.out; ++c, y += places)
    std::fill_n(y, places, bias == nullptr ? Real(0) : bias[c]);
}

// Matrix i of several of equal shape, one after the other in memory.
inline Matrix matrix(const Real* data, int i, int rows, int cols) {
  return {const_cast<Real*>(data) + static_cast<std::size_t>(i) * Convolution::area(rows, cols),
          rows, cols, false};
}
}  // namespace temper
