// Softmax cross-entropy of rows with many classes: row by row, 16 classes at a time.
#include <algorithm>
#include <functional>

#include "cross_entropy_kernels.h"

namespace temper::inline TEMPER_PRECISION {

namespace {
constexpr Real infinity = std::numeric_limits<Real>::infinity();

// w t̃ of class c, but for what is added at the label.
template <Targets targets>
[[gnu::always_inline]] inline Real target(const CrossEntropy& p, const Real* t, std::size_t c) {
  return targets == Targets::probabilities     ? p.keep * p.w[c] * t[c] + p.q[c]
         : targets == Targets::smoothed_labels ? p.q[c]
                                               : 0;
}

template <Targets targets>
[[gnu::flatten]] TEMPER_CLONES void forward(const CrossEntropy& p, std::size_t begin,
                                            std::size_t end) {
  for (std::size_t r = begin; r < end; ++r) {
    p.max[r] = p.rest[r] = p.mass[r] = p.weight[r] = p.loss[r] = 0;
    if (p.ignored(r)) continue;
    const Real *z = p.z + r * p.classes, *t = p.t + r * p.classes;
    const auto larger = [](Real a, Real x) {
      return x > a ? x : a;
    };  // NaN passes by, exp brings it
    Lanes largest;
    std::fill_n(largest, 16, -infinity);
    for_each_column(p.classes, [&](std::size_t c, std::size_t l, bool valid) {
      largest[l] = larger(largest[l], valid ? z[c] : -infinity);
    });
    const Real m = combine(larger, largest);
    Lanes rest{}, ties{}, sum{}, weight{}, total{};
    for_each_column(p.classes, [&](std::size_t c, std::size_t l, bool valid) {
      const Real x = valid ? z[c] : -infinity;
      add_exponential(x, m, rest[l], ties[l]);
      if constexpr (targets != Targets::labels)
        sum[l] += term(valid ? target<targets>(p, t, c) : 0, m, x);
      if constexpr (targets == Targets::probabilities) {
        weight[l] += valid ? p.w[c] * t[c] : 0;
        total[l] += valid ? checked(t[c]) : 0;
      }
    });
    constexpr std::plus add;
    combine(add, sum);
    if constexpr (targets == Targets::probabilities) {
      combine(add, weight);
      combine(add, total);
    } else {
      const auto label = static_cast<std::size_t>(p.labels[r]);
      weight[0] = p.w[label];
      total[0] = 1;
      sum[0] += term(p.keep * weight[0], m, z[label]);
    }
    store(p, r, m, combine(add, rest) + (combine(add, ties) - 1), sum[0], weight[0], total[0]);
  }
}

template <Targets targets>
[[gnu::flatten]] TEMPER_CLONES void backward(const CrossEntropy& p, Real* gradient, const Real* dy,
                                             bool one_dy, Real scale, std::size_t begin,
                                             std::size_t end) {
  for (std::size_t r = begin; r < end; ++r) {
    if (p.mass[r] == 0) continue;  // ignored, or all its classes weigh nothing
    const Real *z = p.z + r * p.classes, *t = p.t + r * p.classes;
    Real* dz = gradient + r * p.classes;
    const Real m = p.max[r], g = dy[one_dy ? 0 : r] * scale, a = g * p.mass[r] / (1 + p.rest[r]);
    for_each_column(p.classes, [&](std::size_t c, std::size_t, bool valid) {
      if (valid) dz[c] += a * exp_below(z[c] - m) - g * target<targets>(p, t, c);
    });
    if constexpr (targets != Targets::probabilities) {
      const auto label = static_cast<std::size_t>(p.labels[r]);
      dz[label] -= g * p.keep * p.w[label];
    }
  }
}
}  // namespace

extern const CrossEntropyKernel cross_entropy_rows{
    [](const CrossEntropy& p, std::size_t begin, std::size_t end) {
      (p.targets == Targets::labels            ? forward<Targets::labels>
       : p.targets == Targets::smoothed_labels ? forward<Targets::smoothed_labels>
                                               : forward<Targets::probabilities>)(p, begin, end);
    },
    [](const CrossEntropy& p, Real* dz, const Real* dy, bool one_dy, Real scale, std::size_t begin,
       std::size_t end) {
      (p.targets == Targets::labels ? backward<Targets::labels>
       : p.targets == Targets::smoothed_labels
           ? backward<Targets::smoothed_labels>
           : backward<Targets::probabilities>)(p, dz, dy, one_dy, scale, begin, end);
    }};
}  // namespace temper::inline TEMPER_PRECISION
