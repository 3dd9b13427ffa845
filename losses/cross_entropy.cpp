// Softmax cross-entropy for labels and probability rows: one kernel forward, one backward.
#include "cross_entropy.h"

#include <algorithm>

#include "../core/parallel.h"
#include "../core/tape.h"
#include "rows.h"

namespace temper::inline TEMPER_PRECISION {

namespace {
enum class Targets { labels, smoothed_labels, probabilities };

// What all rows share. With q = ε w u, the target of a class is w t̃ = (1 - ε) w t + q.
struct Problem {
  std::size_t n, classes;
  const Real* z;
  const int* labels;
  const Real* t;
  std::optional<int> ignore_index;
  Real keep;          // 1 - ε
  const Real *w, *q;  // [classes]
  Real q_sum;
  // [n]: the softmax of each row, A = Σ_c w t̃, and Σ_c w t or, if the target is not allowed, NaN
  Real *max, *rest, *mass, *weight;

  bool ignored(std::size_t r) const { return labels != nullptr && ignore_index == labels[r]; }
};

// w t̃ in some columns of row r, but for what is added at the label.
template <Targets targets, class Columns>
[[gnu::always_inline]] inline Lanes<> target(const Problem& p, std::size_t r, Columns at) {
  if constexpr (targets == Targets::labels) return {};
  if constexpr (targets == Targets::smoothed_labels) return at(p.q, 0);
  if constexpr (targets == Targets::probabilities)
    return lanewise([keep = p.keep](Real t, Real w, Real q) { return keep * w * t + q; },
                    at(p.t + r * p.classes, 0), at(p.w, 0), at(p.q, 0));
}

// ℓ = Σ_c w t̃ (log Σ e^(z - max) + max - z_c) of rows begin … end - 1: subtracting max from z
// before anything else is why large logits lose nothing.
template <Targets targets>
[[gnu::flatten]] TEMPER_CLONES void forward(const Problem p, Real* loss, std::size_t begin,
                                            std::size_t end) {
  constexpr Real not_allowed = std::numeric_limits<Real>::quiet_NaN();
  for (std::size_t r = begin; r < end; ++r) {
    p.max[r] = p.rest[r] = p.mass[r] = p.weight[r] = loss[r] = 0;
    if (p.ignored(r)) continue;
    std::size_t label = 0;
    if constexpr (targets != Targets::probabilities) label = static_cast<std::size_t>(p.labels[r]);

    const Real* z = p.z + r * p.classes;
    const Softmax softmax = softmax_of(z, p.classes);
    // A target of 0 counts nothing, whatever the logit: 0 log 0 = 0.
    const auto term = [m = softmax.max](Real target, Real z) {
      return target == 0 ? 0 : target * (m - z);
    };
    Lanes<> sum{}, weight{}, total{};
    if constexpr (targets != Targets::labels) {
      for_each_columns(p.classes, [&](auto at) {
        sum += lanewise(term, target<targets>(p, r, at), at(z, 0));
        if constexpr (targets == Targets::probabilities) {
          const Lanes<> t = at(p.t + r * p.classes, 0);
          weight += lanewise([](Real w, Real t) { return w * t; }, at(p.w, 0), t);
          total += lanewise([=](Real t) { return t >= 0 ? t : not_allowed; }, t);
        }
      });
    }
    p.max[r] = softmax.max;
    p.rest[r] = softmax.rest;
    loss[r] = combine(std::plus{}, sum);
    if constexpr (targets == Targets::probabilities) {
      const bool allowed = std::abs(combine(std::plus{}, total) - 1) <= row_sum_tolerance;
      p.weight[r] = allowed ? combine(std::plus{}, weight) : not_allowed;
    } else {
      p.weight[r] = p.w[label];
      loss[r] += term(p.keep * p.w[label], z[label]);
    }
    p.mass[r] = p.keep * p.weight[r] + p.q_sum;
  }
#pragma omp simd
  for (std::size_t r = begin; r < end; ++r) loss[r] += p.mass[r] * fast::log1p(p.rest[r]);
}

// dℓ/dz_k = A p_k - w t̃_k, because dℓ/dz_k = Σ_c w t̃_c (p_k - [c = k]).
template <Targets targets>
[[gnu::flatten]] TEMPER_CLONES void backward(const Problem p, Real* gradient, const Real* dy,
                                             bool one_dy, Real scale, std::size_t begin,
                                             std::size_t end) {
  for (std::size_t r = begin; r < end; ++r) {
    if (p.mass[r] == 0) continue;  // ignored, or all its classes weigh nothing
    const Real* z = p.z + r * p.classes;
    Real* dz = gradient + r * p.classes;
    const Real m = p.max[r], g = dy[one_dy ? 0 : r] * scale, a = g * p.mass[r] / (1 + p.rest[r]);
    for_each_columns(p.classes, [&](auto at) {
      const auto slope = [=](Real z, Real target) { return a * fast::exp(z - m) - g * target; };
      at.add_to(dz, lanewise(slope, at(z, m), target<targets>(p, r, at)));
    });
    if constexpr (targets != Targets::probabilities) {
      const auto label = static_cast<std::size_t>(p.labels[r]);
      dz[label] -= g * p.keep * p.w[label];
    }
  }
}

void check(Tensor logits, const CrossEntropyOptions& o) {
  require(logits.shape.rank() == 2 && logits.shape[1] > 0,
          "cross_entropy: logits must be [n, classes], they are ", logits.shape);
  require(o.label_smoothing >= 0 && o.label_smoothing <= 1,
          "cross_entropy: label_smoothing must be in [0, 1], got ", o.label_smoothing);
  const auto classes = static_cast<std::size_t>(logits.shape[1]);
  const auto check_entries = [=](const char* name, std::span<const Real> entries) {
    require(entries.empty() || entries.size() == classes, "cross_entropy: ", name, " has ",
            entries.size(), " entries, expected ", classes);
    for (std::size_t c = 0; c < entries.size(); ++c)
      require(entries[c] >= 0 && std::isfinite(entries[c]), "cross_entropy: ", name, "[", c,
              "] = ", entries[c], ", expected a finite number >= 0");
  };
  check_entries("class_weights", o.class_weights);
  check_entries("smoothing_prior", o.smoothing_prior);
  double sum = 0;
  for (Real u : o.smoothing_prior) sum += static_cast<double>(u);
  require(o.smoothing_prior.empty() || std::abs(sum - 1) <= row_sum_tolerance,
          "cross_entropy: smoothing_prior sums to ", sum, ", expected 1");
}

// The arguments are checked but for the targets of the rows.
template <Targets targets>
Tensor cross_entropy(Tensor logits, Labels labels, Tensor probabilities,
                     const CrossEntropyOptions& o) {
  const int n = logits.shape[0], classes = logits.shape[1];
  const bool none = o.reduction == Reduction::none;
  Tensor y = make_result("cross_entropy", none ? Shape{n} : Shape{},
                         {logits, targets == Targets::probabilities ? probabilities : logits});
  require(probabilities.grad == nullptr || y.grad == nullptr,
          "cross_entropy: probabilities want a gradient, but are taken as constants; set their "
          "grad to nullptr");
  const Tensor rows = y.tape->result({5, n}, false), tables = y.tape->result({2, classes}, false);
  Problem p{.n = logits.shape.rows(),
            .classes = logits.shape.columns(),
            .z = logits.data,
            .labels = labels.data(),
            .t = probabilities.data,
            .ignore_index = o.ignore_index,
            .keep = static_cast<Real>(1 - o.label_smoothing),
            .w = tables.data,
            .q = tables.data + classes,
            .q_sum = 0,
            .max = rows.data,
            .rest = rows.data + n,
            .mass = rows.data + 2 * n,
            .weight = rows.data + 3 * n};
  for (std::size_t c = 0; c < p.classes; ++c) {
    const Real w = o.class_weights.empty() ? 1 : o.class_weights[c];
    const double u = o.smoothing_prior.empty() ? 1.0 / classes : double{o.smoothing_prior[c]};
    tables.data[c] = w;
    tables.data[p.classes + c] = static_cast<Real>(o.label_smoothing * double{w} * u);
  }
  if (targets != Targets::labels)
    p.q_sum = static_cast<Real>(parallel_sum(p.classes, [q = p.q](std::size_t c) { return q[c]; }));

  Real* loss = none ? y.data : rows.data + 4 * n;
  const auto for_each_rows = [p](auto f) {  // blocks long enough to be worth a thread
    for_each_block(p.n, 1 + 8191 / p.classes, 100 + 4 * p.classes, f);
  };
  const auto sum = [p](const Real* x) {
    return sum_range(0, p.n, [x](std::size_t r) { return static_cast<double>(x[r]); });
  };
  for_each_rows([=](std::size_t begin, std::size_t end) { forward<targets>(p, loss, begin, end); });
  const double weight = sum(p.weight);
  if (std::isnan(weight)) {
    const Real* bad = std::find_if(p.weight, p.weight + n, [](Real w) { return std::isnan(w); });
    fail_row("cross_entropy", p.t, p.classes, static_cast<std::size_t>(bad - p.weight));
  }
  const double scale = o.reduction != Reduction::mean ? 1 : weight > 0 ? 1 / weight : 0;
  if (!none) y.data[0] = static_cast<Real>(sum(loss) * scale);
  if (y.grad == nullptr) return y;
  p.labels = y.tape->keep(labels).data();
  on_backward("cross_entropy", y, [=, scale = static_cast<Real>(scale)] {
    for_each_rows([=](std::size_t begin, std::size_t end) {
      backward<targets>(p, logits.grad, y.grad, !none, scale, begin, end);
    });
  });
  return y;
}
}  // namespace

Tensor softmax_cross_entropy(Tensor logits, Labels labels, const CrossEntropyOptions& options) {
  check(logits, options);
  require(labels.size() == logits.shape.rows(), "cross_entropy: ", logits.shape[0],
          " rows of logits but ", labels.size(), " labels");
  const int classes = logits.shape[1];
  for (std::size_t r = 0; r < labels.size(); ++r)
    require((labels[r] >= 0 && labels[r] < classes) || options.ignore_index == labels[r],
            "cross_entropy: label[", r, "] = ", labels[r], " is not a class: logits have ", classes,
            " classes (0..", classes - 1, ")");
  return options.label_smoothing > 0
             ? cross_entropy<Targets::smoothed_labels>(logits, labels, {}, options)
             : cross_entropy<Targets::labels>(logits, labels, {}, options);
}

Tensor softmax_cross_entropy(Tensor logits, Tensor probabilities,
                             const CrossEntropyOptions& options) {
  check(logits, options);
  require(probabilities.shape == logits.shape, "cross_entropy: probabilities are ",
          probabilities.shape, ", logits are ", logits.shape);
  require(!options.ignore_index,
          "cross_entropy: ignore_index is for labels, not for probabilities");
  return cross_entropy<Targets::probabilities>(logits, {}, probabilities, options);
}
}  // namespace temper::inline TEMPER_PRECISION
