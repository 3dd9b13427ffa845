#include "random.h"

#include <cmath>

namespace temper::inline TEMPER_PRECISION {

std::uint64_t Rng::below(std::uint64_t n) {  // drops the incomplete last range
  const std::uint64_t uneven = (0 - n) % n;  // 2⁶⁴ mod n
  std::uint64_t x = next();
  while (x < uneven) x = next();
  return x % n;
}

// The ratio of uniforms with quadratic bounds (Leva 1992): the result needs one division and no
// library function, so its bits do not depend on the platform's libm.
double Rng::normal() {
  for (;;) {
    const double u = 1 - uniform();
    const double v = 1.7156 * (uniform() - 0.5);
    const double x = u - 0.449871;
    const double y = std::abs(v) + 0.386595;
    const double q = x * x + y * (0.19600 * y - 0.25472 * x);
    if (q < 0.27597) return v / u;
    if (q < 0.27846 && v * v <= -4 * u * u * std::log(u)) return v / u;
  }
}

}  // namespace temper::inline TEMPER_PRECISION
