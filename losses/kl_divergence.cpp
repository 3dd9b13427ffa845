// Kullback-Leibler divergence: one kernel forward, one backward, for both kinds of targets.
#include "kl_divergence.h"

#include "../core/tape.h"
#include "rows.h"

namespace temper::inline TEMPER_PRECISION {

namespace {

enum class Targets { probabilities, logits };

struct Problem {
  std::size_t n, classes;
  const Real *z, *t;  // t: probabilities or logits
  // Per row, for backward: the softmax of z, that of t, and Σ_c t_c.
  Real *max, *rest, *target_max, *target_rest, *mass;
};

// log softmax(z) = (z - max) - log Σ e^(z - max), in this order: large logits lose nothing.
template <Targets targets>
[[gnu::flatten]] TEMPER_CLONES RowTotals forward(const Problem p, Real* loss, std::size_t begin,
                                                 std::size_t end) {
  RowTotals total;
  for (std::size_t r = begin; r < end; ++r) {
    const Real *z = p.z + r * p.classes, *t = p.t + r * p.classes;
    const Softmax softmax = softmax_of(z, p.classes);
    const Real m = softmax.max, log_sum = fast::log1p(softmax.rest);
    Softmax target{0, 0};
    if constexpr (targets == Targets::logits) target = softmax_of(t, p.classes);
    const Real target_m = target.max, target_log_sum = fast::log1p(target.rest);
    struct Sums {
      Lanes<> loss, t, wrong;
    };
    constexpr Real nothing =
        targets == Targets::logits ? -std::numeric_limits<Real>::infinity() : Real(0);
    const Sums a = fold(p.classes, Sums{}, [&](const Sums& a, auto at) {
      const auto x = at(z, 0), y = at(t, nothing);
      const auto log_t = lanewise([&](std::size_t l) {
        return targets == Targets::logits ? (y[l] - target_m) - target_log_sum : fast::log(y[l]);
      });
      const auto t = lanewise(
          [&](std::size_t l) { return targets == Targets::logits ? fast::exp(log_t[l]) : y[l]; });
      return Sums{
          lanewise([&](std::size_t l) {
            return a.loss[l] + (t[l] == 0 ? 0 : t[l] * (log_t[l] - ((x[l] - m) - log_sum)));
          }),
          lanewise([&](std::size_t l) { return a.t[l] + t[l]; }),
          lanewise([&](std::size_t l) { return a.wrong[l] + (t[l] >= 0 ? Real(0) : Real(1)); })};
    });
    const Real mass = sum_of(a.t);
    if (targets == Targets::probabilities &&
        (sum_of(a.wrong) > 0 || !(std::abs(mass - 1) <= row_sum_tolerance)))
      return {.bad = r};
    p.max[r] = m;
    p.rest[r] = softmax.rest;
    p.target_max[r] = target_m;
    p.target_rest[r] = target.rest;
    p.mass[r] = mass;
    loss[r] = sum_of(a.loss);
    total.loss += static_cast<double>(loss[r]);
  }
  return total;
}

// dℓ/dz = (Σ t) softmax(z) - t, as for cross-entropy: the rest of ℓ does not depend on z.
template <Targets targets>
[[gnu::flatten]] TEMPER_CLONES void backward(const Problem p, Real* gradient, const Real* dy,
                                             bool one_dy, Real scale, std::size_t begin,
                                             std::size_t end) {
  for (std::size_t r = begin; r < end; ++r) {
    const Real *z = p.z + r * p.classes, *t = p.t + r * p.classes;
    Real* dz = gradient + r * p.classes;
    const Real g = dy[one_dy ? 0 : r] * scale;
    const Real m = p.max[r], a = g * p.mass[r] / (1 + p.rest[r]);
    const Real target_m = p.target_max[r], b = g / (1 + p.target_rest[r]);
    for_each_columns(p.classes, [&](auto at) {
      const auto x = at(z, m), y = at(t, 0);
      at.add_to(dz, lanewise([&](std::size_t l) {
                  const Real target =
                      targets == Targets::logits ? b * fast::exp(y[l] - target_m) : g * y[l];
                  return a * fast::exp(x[l] - m) - target;
                }));
    });
  }
}

template <Targets targets>
Tensor divergence(Tensor z, Tensor t, Reduction reduction) {
  constexpr const char* op = "kl_divergence";
  require(z.shape.rank() == 2 && z.shape[1] > 0, op, ": logits must be [n, classes], they are ",
          z.shape);
  require(t.shape == z.shape, op, ": targets are ", t.shape, ", logits are ", z.shape);
  const int n = z.shape[0];
  const bool none = reduction == Reduction::none;
  Tensor y = make_result(op, none ? Shape{n} : Shape{}, {z, t});
  require(t.grad == nullptr || y.grad == nullptr, op,
          ": targets want a gradient, but are taken as constants; set their grad to nullptr");
  Real* rows = y.tape->result({6, n}, false).data;
  const Problem p{.n = z.shape.rows(),
                  .classes = z.shape.columns(),
                  .z = z.data,
                  .t = t.data,
                  .max = rows,
                  .rest = rows + n,
                  .target_max = rows + 2 * n,
                  .target_rest = rows + 3 * n,
                  .mass = rows + 4 * n};
  Real* loss = none ? y.data : rows + 5 * n;
  const RowTotals total =
      sum_row_blocks(p.n, p.classes, [p, loss](std::size_t begin, std::size_t end) {
        return forward<targets>(p, loss, begin, end);
      });
  if (total.bad != RowTotals::none) fail_row(op, p.t, p.classes, total.bad);
  const double scale = reduction == Reduction::mean ? 1.0 / std::max(n, 1) : 1;
  if (!none) y.data[0] = static_cast<Real>(total.loss * scale);
  on_backward(op, y, [=, scale = static_cast<Real>(scale)] {
    for_each_block(p.n, rows_per_block(p.n, p.classes), row_work(p.classes),
                   [=](std::size_t begin, std::size_t end) {
                     backward<targets>(p, z.grad, y.grad, !none, scale, begin, end);
                   });
  });
  return y;
}

}  // namespace

Tensor kl_divergence(Tensor logits, Tensor probabilities, const KlDivergenceOptions& options) {
  return divergence<Targets::probabilities>(logits, probabilities, options.reduction);
}

Tensor kl_divergence_to_logits(Tensor logits, Tensor target_logits,
                               const KlDivergenceOptions& options) {
  return divergence<Targets::logits>(logits, target_logits, options.reduction);
}

}  // namespace temper::inline TEMPER_PRECISION
