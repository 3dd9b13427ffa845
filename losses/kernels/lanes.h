// Loops over 16 lanes, and an exponential for softmax.
//
// They are for functions inside of vectorized(): only what is inlined
// keeps its lanes in vector registers.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "../../core/vectors.h"

namespace temper {
// Numbers side by side. They are read and written in place, never copied: GCC copies them in
// pieces, for which the wider load that follows has to wait.
using Lanes = Real[16];  // NOLINT(modernize-avoid-c-arrays)

// f(l) for all 16 lanes.
template <class F>
[[gnu::always_inline]] inline void for_each_lane(F f) {
#pragma omp simd
  for (std::size_t l = 0; l < 16; ++l) f(l);
}

// The lanes put together by f as a tree: a fixed order.
template <class F>
[[gnu::always_inline]] inline Real& combine(F f, Lanes& x) {
  for (std::size_t width = 8; width > 0; width /= 2)
    for (std::size_t l = 0; l < width; ++l) x[l] = f(x[l], x[l + width]);
  return x[0];
}

// f(c, l, valid) for the columns c = begin … end - 1 of a row in lanes l = (c - begin) mod 16; the
// last ones may be beyond the end, and then are not valid. Meanwhile the row at `next`, which will
// be read next, is fetched into the cache.
template <class F>
[[gnu::always_inline]] inline void for_each_column(std::size_t begin, std::size_t end,
                                                   [[maybe_unused]] const Real* next, F f) {
  std::size_t i = begin;
  for (; i + 16 <= end; i += 16) {
    __builtin_prefetch(next + i);
    TEMPER_VECTORS
    for (std::size_t l = 0; l < 16; ++l) f(i + l, l, true);
  }
  if (i < end) for_each_lane([&](std::size_t l) { f(i + l, l, i + l < end); });
}

inline double exp_below(double x) { return std::exp(x); }

// eˣ for x <= 0, or 0 below -87, where it is nearly subnormal, so that 2ⁿ is a single factor. n and
// r are found as in fast::exp; 2eʳ is a minimax polynomial of degree 6 with a relative error of
// 3e-9.
inline float exp_below(float x) {
  x = x < -87.3f ? -87.3f : x;          // NaN stays
  constexpr float round = 12582912.0f;  // 1.5 · 2²³: adding it rounds to a whole number
  const float shifted = x * 1.44269504f + round;
  const float n = shifted - round;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  const float rr = r * r;  // in pairs (Estrin 1960): a shorter chain than Horner's
  float p = 2.7628934e-3f * rr + (1.6737562e-2f * r + 8.3336785e-2f);
  p = p * rr + (3.3333040e-1f * r + 9.9999990e-1f);
  p = p * rr + (r + r) + 2.0f;
  // 2ⁿ⁻¹, and 0 for n = -126: the low bits of `shifted` are n in two's complement
  return p * std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted) << 23) + 0x3f000000u);
}
}  // namespace temper
