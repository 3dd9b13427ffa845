// Kullback-Leibler divergence, put together from ops: Σ_c e^q (q - p) of log-probabilities p and q.
#include "kl_divergence.h"

#include <numeric>

#include "../core/ops.h"
#include "elementwise_loss.h"
#include "rows.h"

namespace temper::inline TEMPER_PRECISION {

namespace {

constexpr const char* op = "kl_divergence";

void check(Tensor& z, Tensor& t) {
  require(z.shape.rank() == 2 && z.shape[1] > 0, op, ": logits must be [n, classes], they are ",
          z.shape);
  require(t.shape == z.shape, op, ": targets are ", t.shape, ", logits are ", z.shape);
  const Tape& tape = *make_result(op, {}, {z, t}).tape;
  z = tape.input(z);
  t = tape.input(t);
  require(t.grad == nullptr, op,
          ": targets want a gradient, but are taken as constants; set their grad to nullptr");
}

Tensor divergence(Tensor p, Tensor q, Reduction reduction) {
  const Tensor terms = elementwise_loss(
      op, p, q, Reduction::none,
      [](Real p, Real q) { return fast::exp(q) == 0 ? 0 : fast::exp(q) * (q - p); },  // 0 log 0 = 0
      [](Real, Real q) { return -fast::exp(q); }, [](Real, Real) { return Real(0); });
  const Tensor rows = sum(terms, 1);
  if (reduction == Reduction::none) return rows;
  return reduction == Reduction::sum ? sum(rows) : sum(rows) / std::max(rows.shape[0], 1);
}

}  // namespace

Tensor kl_divergence(Tensor logits, Tensor probabilities, const KlDivergenceOptions& options) {
  check(logits, probabilities);
  const std::size_t classes = logits.shape.columns();
  for (std::size_t r = 0; r < logits.shape.rows(); ++r) {
    const auto row = probabilities.values().subspan(r * classes, classes);
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    if (std::ranges::min(row) < 0 || !(std::abs(sum - 1) <= row_sum_tolerance))
      fail_row(op, probabilities.data, classes, r);
  }
  return divergence(log_softmax(logits), log(probabilities), options.reduction);
}

Tensor kl_divergence_to_logits(Tensor logits, Tensor target_logits,
                               const KlDivergenceOptions& options) {
  check(logits, target_logits);
  return divergence(log_softmax(logits), log_softmax(target_logits), options.reduction);
}

}  // namespace temper::inline TEMPER_PRECISION
