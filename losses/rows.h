// What the losses over rows of classes share: loops over a row in 16 lanes, the softmax of a row,
// and fixed blocks of rows.
//
// The loop over the rows of a block stands in one function with TEMPER_CLONES and everything here
// is inlined into it: calling run_range or sum_range per row would cost as much as a row of ten.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "../core/error.h"
#include "../core/fast_math.h"
#include "../core/parallel.h"

namespace temper::inline TEMPER_PRECISION {

// Numbers side by side. They are values and never referred to: then they stay in vector registers.
template <std::size_t n = 16>
struct Lanes {
  Real x[n];
  Real operator[](std::size_t l) const { return x[l]; }
};

template <std::size_t n = 16, class F>
[[gnu::always_inline]] inline Lanes<n> lanewise(F f) {
  Lanes<n> y;
#pragma omp simd
  for (std::size_t l = 0; l < n; ++l) y.x[l] = f(l);
  return y;
}

// The lanes put together as a tree: a fixed order.
template <std::size_t n, class F>
[[gnu::always_inline]] inline Real combine(Lanes<n> a, F f) {
  if constexpr (n == 1) {
    return a[0];
  } else {
    return combine(lanewise<n / 2>([&](std::size_t l) { return f(a[l], a[l + n / 2]); }), f);
  }
}
[[gnu::always_inline]] inline Real sum_of(Lanes<> a) {
  return combine(a, [](Real a, Real b) { return a + b; });
}

// Up to 16 neighbouring columns of a row; `full` ones need no mask.
template <bool full>
struct Columns {
  std::size_t begin, count;

  // These columns of x, and pad beyond the end. Without it a mask would leave what lay in the
  // register, and arithmetic on that is slow if it happens to be subnormal.
  [[gnu::always_inline]] Lanes<> operator()(const Real* x, Real pad) const {
    return lanewise([&](std::size_t l) { return full || l < count ? x[begin + l] : pad; });
  }
  [[gnu::always_inline]] void add_to(Real* y, const Lanes<>& a) const {
#pragma omp simd
    for (std::size_t l = 0; l < 16; ++l) {
      if (full || l < count) y[begin + l] += a[l];
    }
  }
};

// f(columns) for all n columns of a row.
template <class F>
[[gnu::always_inline]] inline void for_each_columns(std::size_t n, F f) {
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) f(Columns<true>{i, 16});
  if (i < n) f(Columns<false>{i, n - i});
}

// state = step(state, columns) for all n columns of a row.
template <class State, class Step>
[[gnu::always_inline]] inline State fold(std::size_t n, State state, Step step) {
  for_each_columns(n, [&](auto at) { state = step(state, at); });
  return state;
}

// softmax(z) = e^(z - max) / (1 + rest). The sum of the exponentials is kept without the 1 of the
// largest, so that log1p(rest) has all its digits when one class has nearly all the probability.
struct Softmax {
  Real max, rest;
};

[[gnu::always_inline]] inline Softmax softmax_of(const Real* z, std::size_t n) {
  constexpr Real infinity = std::numeric_limits<Real>::infinity();
  const auto largest =
      fold(n, lanewise([](std::size_t) { return -infinity; }), [=](const auto& a, auto at) {
        const auto x = at(z, -infinity);
        return lanewise([&](std::size_t l) { return x[l] > a[l] ? x[l] : a[l]; });
      });
  const Real m = combine(largest, [](Real a, Real b) { return a > b ? a : b; });  // NaN passes by,
  struct Sums {                                                                   // exp brings it
    Lanes<> below, ties;
  };
  const Sums sums = fold(n, Sums{}, [=](const Sums& s, auto at) {
    const auto x = at(z, -infinity);
    return Sums{
        lanewise([&](std::size_t l) { return s.below[l] + (x[l] == m ? 0 : fast::exp(x[l] - m)); }),
        lanewise([&](std::size_t l) { return s.ties[l] + (x[l] == m ? Real(1) : Real(0)); })};
  });
  return {m, sum_of(sums.below) + (sum_of(sums.ties) - 1)};
}

// Sums over rows, in double, and the first row whose target is not allowed.
struct RowTotals {
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  double loss = 0, weight = 0;
  std::size_t bad = none;
};

// A row costs about this many cheap operations, and blocks are long enough to be worth a thread.
// Both depend on the shape alone.
inline std::size_t row_work(std::size_t classes) { return 100 + 4 * classes; }
inline constexpr std::size_t most_row_blocks = 256;
inline std::size_t rows_per_block(std::size_t n, std::size_t classes) {
  return std::max({std::size_t{1}, 8192 / classes, (n + most_row_blocks - 1) / most_row_blocks});
}

// Adds up f(begin, end) of every block of rows, in their order.
template <class F>
RowTotals sum_row_blocks(std::size_t n, std::size_t classes, F f) {
  std::array<RowTotals, most_row_blocks> partial;
  const std::size_t block = rows_per_block(n, classes);
  for_each_block(n, block, row_work(classes),
                 [&partial, block, f](std::size_t begin, std::size_t end) {
                   partial[begin / block] = f(begin, end);
                 });
  RowTotals total;
  for (std::size_t b = 0; b * block < n; ++b) {
    total.loss += partial[b].loss;
    total.weight += partial[b].weight;
    total.bad = std::min(total.bad, partial[b].bad);
  }
  return total;
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
