// max_pool2d by windows of 2 x 2 at stride 2 in one pass over the image. Specified by the walk over
// any windows in pool.cpp, which takes twice as long, gradient included; tests/layers/pool_test.cpp
// compares the two.
#pragma once

#include <algorithm>
#include <limits>

#include "../../core/parallel.h"

namespace temper {
// The maxima of a row of windows, `width` at a time, and where in the plane they are; the last ones
// are computed twice, so that none are left to be computed one by one. The upper row of the windows
// begins at pixel i of the plane, which is w pixels wide.
template <int width>
[[gnu::always_inline]] inline void max_of_row(const Real* plane, int w, int i, int windows,
                                              Real* largest, int* at) {
  const auto or_infinity = [](Real x) {  // instead of NaN
    return std::min(std::numeric_limits<Real>::infinity(), x);
  };
  for (int next = 0; next < windows; next += width) {
    const int first = std::min(next, windows - width);
    const Real* upper = plane + i + 2 * first;
    TEMPER_VECTORS
    for (int c = 0; c < width; ++c) {
      const Real p = upper[2 * c], q = upper[2 * c + 1];
      const Real r = upper[2 * c + w], s = upper[2 * c + w + 1];
      const Real m1 = or_infinity(p), m2 = std::max(or_infinity(q), m1),
                 m3 = std::max(or_infinity(r), m2);
      const int k1 = q <= m1 ? 0 : 1, k2 = r <= m2 ? k1 : w;
      const Real a = q <= m1 ? p : q, b = r <= m2 ? a : r;
      largest[first + c] = s <= m3 ? b : s;
      at[first + c] = i + 2 * (first + c) + (s <= m3 ? k2 : w + 1);
    }
  }
}

// The maximum of each of out_h · out_w windows of a plane, w pixels wide, and where in it that is.
inline void max_of_halves(const Real* plane, int w, int out_h, int out_w, Real* largest, int* at) {
  vectorized([=]() mutable {
    for (int r = 0; r < out_h; ++r, largest += out_w, at += out_w) {
      if (out_w >= 8)
        max_of_row<8>(plane, w, 2 * r * w, out_w, largest, at);
      else if (out_w >= 4)
        max_of_row<4>(plane, w, 2 * r * w, out_w, largest, at);
      else
        max_of_row<1>(plane, w, 2 * r * w, out_w, largest, at);
    }
  });
}
}  // namespace temper
