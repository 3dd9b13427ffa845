// What cross-entropy is made of: loops over 16 lanes and an exponential for softmax; and what is
// said of targets that are no distribution.
//
// Whoever loops here stands in a function with [[gnu::flatten]] and TEMPER_CLONES: only what is
// inlined keeps its lanes in vector registers.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include "../core/error.h"
#include "../core/real.h"

namespace temper::inline TEMPER_PRECISION {
// Numbers side by side. They are read and written in place, never copied: GCC copies in pieces that
// the wider load after them has to wait for.
using Lanes = Real[16];  // NOLINT(modernize-avoid-c-arrays)

// f(l) for all 16 lanes.
template <class F>
[[gnu::always_inline]] inline void for_each_lane(F f) {
#pragma omp simd
  for (std::size_t l = 0; l < 16; ++l) f(l);
}

// The lanes put together by f as a tree: a fixed order.
template <class F>
[[gnu::always_inline]] inline Real combine(F f, Lanes& x) {
  for (std::size_t width = 8; width > 0; width /= 2)
    for (std::size_t l = 0; l < width; ++l) x[l] = f(x[l], x[l + width]);
  return x[0];
}

// f(c, l, valid) for all n columns c of a row in lanes l = c mod 16; the last ones may be beyond
// the end, and then are not valid.
template <class F>
[[gnu::always_inline]] inline void for_each_column(std::size_t n, F f) {
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) for_each_lane([&](std::size_t l) { f(i + l, l, true); });
  if (i < n) for_each_lane([&](std::size_t l) { f(i + l, l, i + l < n); });
}

inline double exp_below(double x) { return std::exp(x); }

// eˣ for x <= 0 as fast::exp computes it, but 0 where that is subnormal: then 2ⁿ is one factor.
inline float exp_below(float x) {
  constexpr float round = 12582912.0f;  // 1.5 · 2²³: adding it rounds to a whole number
  const float shifted = x * 1.44269504f + round;
  const float n = shifted - round;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  const float rr = r * r;  // in pairs (Estrin 1960): a shorter chain than Horner's
  float p =
      (1.9875691500e-4f * r + 1.3981999507e-3f) * rr + (8.3334519073e-3f * r + 4.1665795894e-2f);
  p = p * rr + (1.6666665459e-1f * r + 5.0000001201e-1f);
  p = p * rr + r + 1.0f;
  const std::uint32_t k = std::bit_cast<std::uint32_t>(shifted) << 23;  // of n, in two's complement
  const float y = p * std::bit_cast<float>(k + 0x3f800000u);
  return x < -87.0f ? 0.0f : y;  // NaN stays
}

// How far a row of probabilities may be from a sum of 1.
inline constexpr Real row_sum_tolerance = Real(1e-3);

// Says what is wrong with a target whose probabilities are t[0], t[stride], t[2 stride] …
[[noreturn]] inline void fail_target(const char* op, const std::string& which, const Real* t,
                                     std::size_t classes, std::size_t stride = 1) {
  double sum = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    const Real x = t[c * stride];
    require(x >= 0 && std::isfinite(x), op, ": target ", which, " has ", x, " for class ", c,
            ", expected a probability");
    sum += static_cast<double>(x);
  }
  fail<ShapeError>(op, ": target ", which, " sums to ", sum, ", expected 1");
}
}  // namespace temper::inline TEMPER_PRECISION
