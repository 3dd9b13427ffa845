// What cross-entropy is made of: loops over the columns of a row in 16 lanes and the softmax of a
// row; and what is said of a row that is no distribution.
//
// The loop over the rows of a block stands in one function with TEMPER_CLONES and everything here
// is inlined into it: calling run_range or sum_range per row would cost as much as a row of ten.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>

#include "../core/error.h"
#include "../core/fast_math.h"

namespace temper::inline TEMPER_PRECISION {
// Numbers side by side. They are values and never referred to: then they stay in vector registers.
template <std::size_t n = 16>
struct Lanes {
  Real x[n];
};

// f of the numbers in each lane.
template <class F, std::size_t n, class... More>
[[gnu::always_inline]] inline Lanes<n> lanewise(F f, Lanes<n> a, More... more) {
#pragma omp simd
  for (std::size_t l = 0; l < n; ++l) a.x[l] = f(a.x[l], more.x[l]...);
  return a;
}

[[gnu::always_inline]] inline void operator+=(Lanes<>& a, Lanes<> b) {
  a = lanewise(std::plus{}, a, b);
}

// The lanes put together by f as a tree: a fixed order.
template <class F, std::size_t n>
[[gnu::always_inline]] inline Real combine(F f, Lanes<n> a) {
  if constexpr (n == 1) {
    return a.x[0];
  } else {
    Lanes<n / 2> low, high;
    std::copy_n(a.x, n / 2, low.x);
    std::copy_n(a.x + n / 2, n / 2, high.x);
    return combine(f, lanewise(f, low, high));
  }
}

// Up to 16 neighbouring columns of a row; `full` ones need no mask.
template <bool full>
struct Columns {
  std::size_t begin, count;

  // These columns of x, and pad beyond the end. Without it a mask would leave what lay in the
  // register, and arithmetic on that is slow if it happens to be subnormal.
  [[gnu::always_inline]] Lanes<> operator()(const Real* x, Real pad) const {
    Lanes<> a;
#pragma omp simd
    for (std::size_t l = 0; l < 16; ++l) a.x[l] = full || l < count ? x[begin + l] : pad;
    return a;
  }
  [[gnu::always_inline]] void add_to(Real* y, const Lanes<>& a) const {
#pragma omp simd
    for (std::size_t l = 0; l < 16; ++l)
      if (full || l < count) y[begin + l] += a.x[l];
  }
};

// f(columns) for all n columns of a row.
template <class F>
[[gnu::always_inline]] inline void for_each_columns(std::size_t n, F f) {
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) f(Columns<true>{i, 16});
  if (i < n) f(Columns<false>{i, n - i});
}

// softmax(z) = e^(z - max) / (1 + rest). The sum of the exponentials is kept without the 1 of the
// largest, so that log1p(rest) has all its digits when one class has nearly all the probability.
struct Softmax {
  Real max, rest;
};

[[gnu::always_inline]] inline Softmax softmax_of(const Real* z, std::size_t n) {
  constexpr Real infinity = std::numeric_limits<Real>::infinity();
  const auto larger = [](Real a, Real x) { return x > a ? x : a; };  // NaN passes by, exp brings it
  Lanes<> largest = lanewise([](Real) { return -infinity; }, Lanes<>{});
  for_each_columns(n, [&](auto at) { largest = lanewise(larger, largest, at(z, -infinity)); });
  const Real m = combine(larger, largest);
  Lanes<> below{}, ties{};
  for_each_columns(n, [&](auto at) {
    const Lanes<> x = at(z, -infinity);
    below += lanewise([=](Real x) { return x == m ? 0 : fast::exp(x - m); }, x);
    ties += lanewise([=](Real x) { return x == m ? Real(1) : Real(0); }, x);
  });
  return {m, combine(std::plus{}, below) + (combine(std::plus{}, ties) - 1)};
}

// How far a row of probabilities may be from a sum of 1.
inline constexpr Real row_sum_tolerance = Real(1e-3);

// Says what is wrong with row r of the targets t [n, classes].
[[noreturn]] inline void fail_row(const char* op, const Real* t, std::size_t classes,
                                  std::size_t r) {
  double sum = 0;
  t += r * classes;
  for (std::size_t c = 0; c < classes; ++c) {
    require(t[c] >= 0 && std::isfinite(t[c]), op, ": target row ", r, " has ", t[c], " for class ",
            c, ", expected a probability");
    sum += static_cast<double>(t[c]);
  }
  fail<ShapeError>(op, ": target row ", r, " sums to ", sum, ", expected 1");
}
}  // namespace temper::inline TEMPER_PRECISION
