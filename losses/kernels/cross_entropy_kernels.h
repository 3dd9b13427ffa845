// The two kernels of softmax cross-entropy. A first reading can skip this folder: it holds speed
// and nothing else.
//
// What a kernel computes is the formula of ../cross_entropy.h. It is written out, one row after the
// other in long double, in tests/losses/cross_entropy_specification.h, and each kernel is tested
// against that with every kind of target and option. cross_entropy.cpp calls the kernel that
// faster_kernel() chooses, by the measurement that stands there.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>

#include "../../core/fast_math.h"
#include "../../core/parallel.h"
#include "lanes.h"

namespace temper {
// Labels with a target matrix are probabilities that are looked up by label.
enum class Targets { labels, smoothed_labels, probabilities };

// n rows of logits, or n pixels. With the names of ../cross_entropy.h, the target of a class times
// its weight is w t̃ = (1 - ε) w t + ε w u.
struct CrossEntropyArguments {
  Targets targets;
  // The classes of a row or pixel are `inner` numbers apart: 1, or the pixels of an image, h · w.
  std::size_t n, classes, inner;
  const Real* logits;
  const int* labels;          // [n], null for probabilities
  const Real* probabilities;  // in the shape of the logits; if there are labels the target matrix
  std::optional<int> ignore_index;
  const Real* row_weights;  // [n] or null; those that are 0 are for the kernels, the others are not
  Real one_minus_epsilon;
  const Real *weights, *smoothing;  // [classes]: w, and ε w u
  bool uniform;                     // all weights are 1, all of `smoothing` is the same
  Real smoothing_sum;
  Real tolerance;  // how far the sum of a target may be from 1

  // Written by forward(), [n] each: the largest logit; Σ_c e^(z_c - max) - 1, where the 1 of the
  // largest is left out from the start, so that log1p(rest) has all its digits when one class has
  // nearly all the probability; A = Σ_c w t̃; the weight in the mean, Σ_c w t, or NaN if the target
  // is no distribution; the loss. All are 0 for a row that is ignored.
  Real *max, *rest, *target_sum, *row_weight, *losses;

  bool ignored(std::size_t r) const {
    return (labels != nullptr && ignore_index == labels[r]) ||
           (row_weights != nullptr && row_weights[r] == 0);
  }
  // Where the logits of row or pixel r begin,
  std::size_t offset_of(std::size_t r) const { return r / inner * classes * inner + r % inner; }
  // and its probabilities: any row of the matrix if it is ignored.
  const Real* target(std::size_t r) const {
    if (labels == nullptr) return probabilities + offset_of(r);
    return probabilities + (ignored(r) ? 0 : static_cast<std::size_t>(labels[r]) * classes);
  }
};

// A kernel computes the rows or pixels begin … end - 1:
//
//   ℓ = Σ_c w t̃_c (max - z_c) + A log(1 + rest)        dℓ/dz_k = A p_k - w t̃_k
//
// because dℓ/dz_k = Σ_c w t̃_c (p_k - [c = k]).
struct CrossEntropyKernel {
  std::size_t together;  // so many are computed side by side
  void (*forward)(const CrossEntropyArguments& p, std::size_t begin, std::size_t end);
  // dz += scale · dy · dℓ/dz, where dy is one number for all of them or one for each.
  void (*backward)(const CrossEntropyArguments& p, Real* dz, const Real* dy, bool one_dy,
                   Real scale, std::size_t begin, std::size_t end);
};
extern const CrossEntropyKernel cross_entropy_rows;   // 16 classes of a row at a time; no pixels
extern const CrossEntropyKernel cross_entropy_lanes;  // 16 rows or pixels at a time: any logits

// The kernel that takes less time. Measured: forward and backward of both kernels in turns,
// medians, of 2¹⁶ to 2²⁰ logits, on one thread and on two. They take the same time at 40 (AVX-512)
// to 46 (AVX2) classes for labels, and at 78 (AVX2) to 105 (AVX-512) for the others; at half as
// many classes lanes is up to twice as fast, at twice as many rows is.
inline const CrossEntropyKernel& faster_kernel(const CrossEntropyArguments& p) {
  const std::size_t enough = p.targets == Targets::labels ? 48 : 96;
  return p.inner == 1 && p.classes >= enough ? cross_entropy_rows : cross_entropy_lanes;
}

// What both kernels share:

// target · (max - z): subtracting from max before anything else is why large logits lose nothing. A
// target of 0 counts nothing, whatever the logit: 0 log 0 = 0.
[[gnu::always_inline]] inline Real times_gap(Real target, Real max, Real z) {
  return target == 0 ? 0 : target * (max - z);
}

[[gnu::always_inline]] inline Real probability_or_nan(Real t) {
  return t >= 0 ? t : std::numeric_limits<Real>::quiet_NaN();
}

// Writes what was found for row or pixel r: the largest logit, the rest, Σ_c w t̃_c (max - z_c),
// Σ_c w t_c, and Σ_c t_c, NaN if a number is no probability. The loss still lacks A log(1 + rest).
[[gnu::always_inline]] inline void store(const CrossEntropyArguments& p, std::size_t r, Real max,
                                         Real rest, Real gaps, Real row_weight, Real total) {
  const bool allowed = std::abs(total - 1) <= p.tolerance;
  p.max[r] = max;
  p.rest[r] = rest;
  p.row_weight[r] = allowed ? row_weight : std::numeric_limits<Real>::quiet_NaN();
  p.target_sum[r] = p.one_minus_epsilon * row_weight + p.smoothing_sum;
  p.losses[r] = gaps;
}

inline void ignore(const CrossEntropyArguments& p, std::size_t r) {
  p.max[r] = p.rest[r] = p.target_sum[r] = p.row_weight[r] = p.losses[r] = 0;
}

// Adds A log(1 + rest) to the losses.
inline void add_log_sums(const CrossEntropyArguments& p, std::size_t begin, std::size_t end) {
  run_range(begin, end,
            [p](std::size_t r) { p.losses[r] += p.target_sum[r] * fast::log1p(p.rest[r]); });
}
}  // namespace temper
