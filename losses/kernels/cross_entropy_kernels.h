// The kernels of softmax cross-entropy, and what they are given.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>

#include "../../core/fast_math.h"
#include "../../core/parallel.h"
#include "lanes.h"

namespace temper {
enum class Targets { labels, smoothed_labels, probabilities };

// n rows of logits, or n pixels whose classes are `inner` numbers apart (h · w of an image; 1:
// rows). Labels with a matrix of targets are probabilities that are found by label. With q = ε w u,
// the target of a class is w t̃ = (1 - ε) w t + q.
struct CrossEntropyArguments {
  Targets targets;
  std::size_t n, classes, inner;
  const Real* z;
  const int* labels;  // null for probabilities
  const Real* t;      // of the shape of z, or the matrix [classes, classes] if there are labels
  std::optional<int> ignore_index;
  Real keep;          // 1 - ε
  const Real *w, *q;  // [classes]
  bool uniform;       // all w are 1 and all q the same
  Real q_sum;
  Real tolerance;  // how far the sum of a target may be from 1
  // [n]: softmax = e^(z - max) / (1 + rest), A = Σ_c w t̃, Σ_c w t or, if the target is not allowed,
  // NaN, and ℓ. The sum of the exponentials is kept without the 1 of the largest, so that
  // log1p(rest) has all its digits when one class has nearly all the probability.
  Real *max, *rest, *mass, *weight, *loss;

  bool ignored(std::size_t r) const { return labels != nullptr && ignore_index == labels[r]; }
  // where the logits of row or pixel r begin
  std::size_t first(std::size_t r) const { return r / inner * classes * inner + r % inner; }
  // and its probabilities: some row of the matrix if it is ignored
  const Real* target(std::size_t r) const {
    if (labels == nullptr) return t + first(r);
    return t + (ignored(r) ? 0 : static_cast<std::size_t>(labels[r]) * classes);
  }
};

// e^(z - max) in rest, but for the 1 of a largest logit: that is counted in ties.
[[gnu::always_inline]] inline void add_exponential(Real z, Real max, Real& rest, Real& ties) {
  const Real tie = z == max ? Real(1) : Real(0);
  rest += exp_below(z == max ? 0 : z - max) - tie;
  ties += tie;
}

// target · (max - z): subtracting from max before anything else is why large logits lose nothing. A
// target of 0 counts nothing, whatever the logit: 0 log 0 = 0.
[[gnu::always_inline]] inline Real term(Real target, Real max, Real z) {
  return target == 0 ? 0 : target * (max - z);
}

// Writes what was found for row or pixel r; `total` is the sum of a target row, NaN if one number
// is no probability. The loss still lacks A log(1 + rest).
[[gnu::always_inline]] inline void store(const CrossEntropyArguments& p, std::size_t r, Real max,
                                         Real rest, Real sum, Real weight, Real total) {
  const bool allowed = std::abs(total - 1) <= p.tolerance;
  p.max[r] = max;
  p.rest[r] = rest;
  p.weight[r] = allowed ? weight : std::numeric_limits<Real>::quiet_NaN();
  p.mass[r] = p.keep * weight + p.q_sum;
  p.loss[r] = sum;
}

// A number if it is a probability, else NaN.
[[gnu::always_inline]] inline Real checked(Real t) {
  return t >= 0 ? t : std::numeric_limits<Real>::quiet_NaN();
}

// ℓ = Σ_c w t̃_c (log Σ e^(z - max) + max - z_c) and dℓ/dz_k = A p_k - w t̃_k, because
// dℓ/dz_k = Σ_c w t̃_c (p_k - [c = k]); of rows begin … end - 1. dy is one number or one per row.
struct CrossEntropyKernel {
  void (*forward)(const CrossEntropyArguments& p, std::size_t begin, std::size_t end);
  void (*backward)(const CrossEntropyArguments& p, Real* dz, const Real* dy, bool one_dy,
                   Real scale, std::size_t begin, std::size_t end);
};
extern const CrossEntropyKernel
    cross_entropy_rows;  // one row after the other, its classes in lanes
extern const CrossEntropyKernel cross_entropy_lanes;  // 16 rows or pixels at a time, each in a lane
}  // namespace temper
