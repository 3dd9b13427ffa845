// Softmax cross-entropy in rows: one after the other, 16 classes at a time. The faster way for many
// classes.
#include <algorithm>
#include <functional>

#include "cross_entropy_kernels.h"

namespace temper {
namespace {
constexpr Real infinity = std::numeric_limits<Real>::infinity();

// The place of the largest of n numbers. NaN is passed over: its exponential makes the loss NaN.
[[gnu::always_inline]] inline std::size_t find_largest(const Real* z, std::size_t n) {
  const auto larger = [](Real a, Real x) { return x > a ? x : a; };
  Lanes largest;
  std::fill_n(largest, 16, -infinity);
  for_each_column(0, n, z, [&](std::size_t c, std::size_t l, bool valid) {
    largest[l] = larger(largest[l], valid ? z[c] : -infinity);
  });
  const Real m = combine(larger, largest);
  std::size_t place = 0;
  for (int found = 0; place + 64 < n; place += 64) {
#pragma omp simd reduction(+ : found)
    for (std::size_t l = 0; l < 64; ++l) found += z[place + l] == m ? 1 : 0;
    if (found > 0) break;
  }
  while (place + 1 < n && z[place] != m) ++place;
  return place;
}

// The weight w of class c, and w t̃, but for the part that only the label's class has. Tables of
// equal numbers are not read: beside a long row they would not stay in the cache.
template <Targets targets, bool uniform>
struct WeightedTarget {
  const Real *t, *weights, *smoothing;
  Real share, same;

  WeightedTarget(const CrossEntropyArguments& p, std::size_t r)
      : t(p.target(r)),
        weights(p.weights),
        smoothing(p.smoothing),
        share(p.one_minus_epsilon),
        same(p.smoothing[0]) {}
  Real weight(std::size_t c) const { return uniform ? 1 : weights[c]; }
  Real operator()(std::size_t c) const {
    const Real s = uniform ? same : smoothing[c];
    return targets == Targets::probabilities     ? share * weight(c) * t[c] + s
           : targets == Targets::smoothed_labels ? s
                                                 : 0;
  }
};

template <Targets targets, bool uniform>
void forward(const CrossEntropyArguments& p, std::size_t begin, std::size_t end) {
  vectorized([&] {
    for (std::size_t r = begin; r < end; ++r) {
      if (p.ignored(r)) {
        ignore(p, r);
        continue;
      }
      const Real* z = p.logits + r * p.classes;
      const WeightedTarget<targets, uniform> target(p, r);
      const Real* t = target.t;
      const std::size_t largest = find_largest(z, p.classes);
      const Real m = z[largest];
      Lanes rest{}, gaps{}, row_weight{}, total{};
      const auto add = [&](std::size_t c, std::size_t l, bool valid)
          __attribute__((always_inline)) {
        const Real x = valid ? z[c] : -infinity;
        rest[l] += exp_below(x - m);
        if constexpr (targets != Targets::labels) gaps[l] += times_gap(valid ? target(c) : 0, m, x);
        if constexpr (targets == Targets::probabilities) {
          row_weight[l] += valid ? target.weight(c) * t[c] : 0;
          total[l] += valid ? probability_or_nan(t[c]) : 0;
        }
      };
      for_each_column(0, largest, z + p.classes, add);  // all but the largest
      for_each_column(largest + 1, p.classes, z + p.classes, add);
      constexpr std::plus plus;
      combine(plus, gaps);
      if constexpr (targets == Targets::probabilities) {
        combine(plus, row_weight) += p.weights[largest] * t[largest];
        combine(plus, total) += probability_or_nan(t[largest]);
      } else {
        const auto label = static_cast<std::size_t>(p.labels[r]);
        row_weight[0] = p.weights[label];
        total[0] = 1;
        gaps[0] += times_gap(p.one_minus_epsilon * row_weight[0], m, z[label]);
      }
      store(p, r, m, combine(plus, rest), gaps[0], row_weight[0], total[0]);
    }
  });
}

template <Targets targets, bool uniform>
void backward(const CrossEntropyArguments& p, Real* gradient, const Real* dy, bool one_dy,
              Real scale, std::size_t begin, std::size_t end) {
  vectorized([&] {
    for (std::size_t r = begin; r < end; ++r) {
      if (p.target_sum[r] == 0) continue;  // ignored, or all its classes weigh nothing
      const Real* z = p.logits + r * p.classes;
      const WeightedTarget<targets, uniform> target(p, r);
      Real* dz = gradient + r * p.classes;
      const Real m = p.max[r], g = dy[one_dy ? 0 : r] * scale,
                 a = g * p.target_sum[r] / (1 + p.rest[r]);
      for_each_column(0, p.classes, z + p.classes, [&](std::size_t c, std::size_t, bool valid) {
        if (valid) dz[c] += a * exp_below(z[c] - m) - g * target(c);
      });
      if constexpr (targets != Targets::probabilities) {
        const auto label = static_cast<std::size_t>(p.labels[r]);
        dz[label] -= g * p.one_minus_epsilon * p.weights[label];
      }
    }
  });
}

// Calls f<targets, uniform>() for those of the arguments; for labels alone the tables do not
// matter.
template <class F>
void choose(const CrossEntropyArguments& p, F f) {
  const auto uniform = [=]<Targets targets>() {
    p.uniform ? f.template operator()<targets, true>() : f.template operator()<targets, false>();
  };
  p.targets == Targets::labels            ? f.template operator()<Targets::labels, true>()
  : p.targets == Targets::smoothed_labels ? uniform.template operator()<Targets::smoothed_labels>()
                                          : uniform.template operator()<Targets::probabilities>();
}
}  // namespace

extern const CrossEntropyKernel cross_entropy_rows{
    1,
    [](const CrossEntropyArguments& p, std::size_t begin, std::size_t end) {
      choose(p, [&]<Targets targets, bool uniform> { forward<targets, uniform>(p, begin, end); });
      add_log_sums(p, begin, end);
    },
    [](const CrossEntropyArguments& p, Real* dz, const Real* dy, bool one_dy, Real scale,
       std::size_t begin, std::size_t end) {
      choose(p, [&]<Targets targets, bool uniform> {
        backward<targets, uniform>(p, dz, dy, one_dy, scale, begin, end);
      });
    }};
}  // namespace temper
