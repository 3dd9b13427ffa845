// exp, log, log1p and tanh as branch-free polynomials that the compiler can vectorise, each within
// 2 units in the last place (log1p: 3). NaN stays NaN, infinities and subnormal numbers are right.
// In double: the standard's.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "real.h"

namespace temper::fast {
inline double exp(double x) { return std::exp(x); }
inline double log(double x) { return std::log(x); }
inline double tanh(double x) { return std::tanh(x); }
inline double log1p(double x) { return std::log1p(x); }

// 2ᵏ for -126 <= k <= 127
inline float power_of_two(std::uint32_t k) { return std::bit_cast<float>((k + 127) << 23); }

// The polynomial with these coefficients, the highest power's first (Horner's rule).
template <class... Coefficients>
inline float polynomial(float x, float p, Coefficients... rest) {
  ((p = p * x + rest), ...);
  return p;
}

// eˣ = 2ⁿ eʳ with |r| <= ln(2)/2 (Cody, Waite 1980; polynomial of Cephes' expf, Moshier 1992).
inline float exp(float x) {
  x = x < -104.0f ? -104.0f : x;  // written so that NaN passes
  x = x > 89.0f ? 89.0f : x;
  constexpr float round = 12582912.0f;  // 1.5 · 2²³: adding it rounds to a whole number
  const float shifted = x * 1.44269504f + round;
  const float n = shifted - round;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  const float q = polynomial(r, 1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f,
                             4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f);
  const float p = q * r * r + r + 1.0f;
  // 2ⁿ in two factors: n reaches from -150 (subnormal) to 128 (infinity)
  const std::int32_t k = static_cast<std::int32_t>(std::bit_cast<std::uint32_t>(shifted) -
                                                   std::bit_cast<std::uint32_t>(round));
  const std::int32_t half = k >> 1;
  return p * power_of_two(static_cast<std::uint32_t>(half)) *
         power_of_two(static_cast<std::uint32_t>(k) - static_cast<std::uint32_t>(half));
}

// log x = e ln 2 + log m with m in [√½, √2) (polynomial of Cephes' logf, Moshier 1992).
inline float log(float x) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const bool subnormal = x < std::numeric_limits<float>::min();
  const float scaled = subnormal ? x * 8388608.0f : x;
  const auto bits = std::bit_cast<std::uint32_t>(scaled);
  // subtracting the bits of √½ rounds the exponent to the nearest power of two below m
  const std::uint32_t offset = bits - 0x3f3504f3u;
  const auto exponent =
      static_cast<float>(static_cast<std::int32_t>(offset) >> 23) - (subnormal ? 23.0f : 0.0f);
  const float m = std::bit_cast<float>((offset & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
  const float p = polynomial(m, 7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f,
                             -1.2420140846e-1f, 1.4249322787e-1f, -1.6668057665e-1f,
                             2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f);
  const float square = m * m;
  float y = p * m * square - exponent * 2.12194440e-4f - 0.5f * square;
  y = m + y + exponent * 0.693359375f;
  y = x == infinity ? infinity : y;
  y = x == 0.0f ? -infinity : y;
  return x >= 0.0f ? y : std::numeric_limits<float>::quiet_NaN();  // also for NaN
}

// log(1 + x), corrected for what the rounding of 1 + x loses (Goldberg 1991, theorem 4).
inline float log1p(float x) {
  const float u = 1.0f + x;
  const float d = u - 1.0f;
  const float y = log(u);
  return d == x ? y : d == 0.0f ? x : y * (x / d);
}

// An odd polynomial near 0, else 1 - 2 / (e²ˣ + 1) (Cephes' tanhf, Moshier 1992).
inline float tanh(float x) {
  const float a = std::abs(x);
  const float z = x * x;
  const float p = polynomial(z, -5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f,
                             1.33314422036e-1f, -3.33332819422e-1f);
  const float small = p * z * x + x;
  const float large = std::copysign(1.0f - 2.0f / (exp(2.0f * a) + 1.0f), x);
  return a < 0.625f ? small : large;  // NaN takes the second way and stays NaN
}

// p x, and 0 where p is 0 even if x is infinite: 0 log 0 = 0.
inline Real times(Real p, Real x) { return p == 0 ? 0 : p * x; }

// 0 instead of a number near the smallest there are. What decays (a momentum without new gradients)
// would end among the subnormal numbers, with which processors compute a hundred times slower.
inline Real flush_tiny(Real x, Real tiny = std::numeric_limits<Real>::min() * Real(1e8)) {
  return std::abs(x) < tiny ? 0 : x;
}
}  // namespace temper::fast
