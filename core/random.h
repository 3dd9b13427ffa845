// Random numbers that are the same on every platform and compiler.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "real.h"

namespace temper::inline TEMPER_PRECISION {

// A hash of 64 bits: the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// The i-th number of the sequence that belongs to a seed, without computing those before it: what
// parallel code uses instead of a generator.
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
  std::uint64_t below(std::uint64_t n);  // 0 … n - 1, unbiased; n > 0
  double normal();                       // mean 0, standard deviation 1

  template <class T>
  void shuffle(std::span<T> items) {  // Fisher, Yates 1938
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
};

}  // namespace temper::inline TEMPER_PRECISION
