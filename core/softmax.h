// The sum of exponentials of a row, from which softmax and log Σ eˣ follow without loss of digits.
#pragma once

#include "fast_math.h"
#include "parallel.h"

namespace temper {
// log Σ eˣ = max + log1p(rest) and softmax = e^(x - max) / (1 + rest) with rest = Σ e^(x - max) -
// 1: the 1 of the largest number is left out from the start, so that log1p(rest) has all its digits
// when that has nearly all the probability, and large numbers lose nothing.
struct ExponentialSum {
  Real max, rest;

  Real exponential(Real x) const { return x == max ? 1 : fast::exp(x - max); }  // e^(x - max)
};

inline ExponentialSum exponential_sum(const Real* x, std::size_t n) {
  const Real max = max_range(0, n, [=](std::size_t i) { return x[i]; });
  const auto below = [=](std::size_t i) { return x[i] == max ? 0 : fast::exp(x[i] - max); };
  const auto largest = [=](std::size_t i) { return x[i] == max ? Real(1) : Real(0); };
  return {max, sum_range(0, n, below) + (sum_range(0, n, largest) - 1)};
}
}  // namespace temper
