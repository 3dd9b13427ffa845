// Random numbers that are the same on every platform and compiler.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace temper {
// A hash of 64 bits: the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// The i-th number of the sequence of a seed, without those before it: for parallel code.
constexpr std::uint64_t random_bits(std::uint64_t seed, std::uint64_t i) {
  return mix(seed + (i + 1) * 0x9e3779b97f4a7c15u);
}

// SplitMix64: the same sequence, one number after the other.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : seed_(mix(seed)) {}

  std::uint64_t next() { return random_bits(seed_, count_++); }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }  // in [0, 1)
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  // 0 … n - 1 for n > 0, unbiased: what falls in the incomplete last range is dropped.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t uneven = (0 - n) % n;  // 2⁶⁴ mod n
    std::uint64_t x = next();
    while (x < uneven) x = next();
    return x % n;
  }

  // Mean 0, standard deviation 1, as a ratio of uniforms with quadratic bounds (Leva 1992): a
  // result needs one division and no library function, whose bits would depend on the platform.
  double normal() {
    for (;;) {
      const double u = 1 - uniform(), v = 1.7156 * (uniform() - 0.5);
      const double x = u - 0.449871, y = std::abs(v) + 0.386595;
      const double q = x * x + y * (0.19600 * y - 0.25472 * x);
      if (q < 0.27597 || (q < 0.27846 && v * v <= -4 * u * u * std::log(u))) return v / u;
    }
  }

  template <class T>
  void shuffle(std::span<T> items) {  // Fisher, Yates 1938
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::uint64_t seed_, count_ = 0;
};
}  // namespace temper
