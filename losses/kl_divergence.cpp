// Kullback-Leibler divergence, written plainly: row by row, in double.
#include "kl_divergence.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "../core/parallel.h"
#include "../core/tape.h"
#include "rows.h"

namespace temper::inline TEMPER_PRECISION {

namespace {

// A row of logits: log softmax(z) = (z - max) - log Σ e^(z - max), in this order: large logits lose
// nothing.
struct FromLogits {
  double max, log_sum = 0;

  FromLogits(const Real* z, std::size_t n) : max(static_cast<double>(*std::max_element(z, z + n))) {
    for (std::size_t c = 0; c < n; ++c) log_sum += std::exp(static_cast<double>(z[c]) - max);
    log_sum = std::log(log_sum);
  }
  double log(Real z) const { return (static_cast<double>(z) - max) - log_sum; }
  double probability(Real z) const { return std::exp(log(z)); }
};

// A row of probabilities as it is.
struct FromProbabilities {
  FromProbabilities(const Real*, std::size_t) {}
  double log(Real t) const { return std::log(static_cast<double>(t)); }
  double probability(Real t) const { return static_cast<double>(t); }
};

// Σ_c t (log t - log softmax(z)) of each row.
template <class Targets>
Tensor divergence(Tensor z, Tensor t, Reduction reduction) {
  constexpr const char* op = "kl_divergence";
  require(z.shape.rank() == 2 && z.shape[1] > 0, op, ": logits must be [n, classes], they are ",
          z.shape);
  require(t.shape == z.shape, op, ": targets are ", t.shape, ", logits are ", z.shape);
  const std::size_t n = z.shape.rows(), classes = z.shape.columns();
  const bool none = reduction == Reduction::none;
  Tensor y = make_result(op, none ? Shape{z.shape[0]} : Shape{}, {z, t});
  require(t.grad == nullptr || y.grad == nullptr, op,
          ": targets want a gradient, but are taken as constants; set their grad to nullptr");
  if constexpr (std::is_same_v<Targets, FromProbabilities>) {
    for (std::size_t r = 0; r < n; ++r) {
      const auto row = t.values().subspan(r * classes, classes);
      double sum = 0;
      for (const Real x : row)
        sum += x >= 0 ? static_cast<double>(x) : std::numeric_limits<double>::quiet_NaN();
      if (!(std::abs(sum - 1) <= static_cast<double>(row_sum_tolerance)))
        fail_row(op, t.data, classes, r);
    }
  }
  // f(r, row r of z, row r of t, where they begin)
  const auto for_each_row = [=](auto f) {
    for_each_block(n, 1 + 255 / classes, 100 * classes, [=](std::size_t begin, std::size_t end) {
      for (std::size_t r = begin, first = r * classes; r < end; ++r, first += classes)
        f(r, FromLogits(z.data + first, classes), Targets(t.data + first, classes), first);
    });
  };
  Real* loss = none ? y.data : y.tape->result({z.shape[0]}, false).data;
  for_each_row([=](std::size_t r, auto p, auto q, std::size_t first) {
    double sum = 0;
    for (std::size_t c = first; c < first + classes; ++c) {
      const double target = q.probability(t.data[c]);
      if (target != 0) sum += target * (q.log(t.data[c]) - p.log(z.data[c]));  // 0 log 0 = 0
    }
    loss[r] = static_cast<Real>(sum);
  });
  const double scale = reduction == Reduction::mean && n > 0 ? 1 / static_cast<double>(n) : 1;
  if (!none) {
    const double total =
        sum_range(0, n, [=](std::size_t r) { return static_cast<double>(loss[r]); });
    y.data[0] = static_cast<Real>(total * scale);
  }
  on_backward(op, y, [=] {  // dℓ/dz = (Σ t) softmax(z) - t
    for_each_row([=](std::size_t r, auto p, auto q, std::size_t first) {
      double mass = 0;
      for (std::size_t c = first; c < first + classes; ++c) mass += q.probability(t.data[c]);
      const double dy = static_cast<double>(y.grad[none ? r : 0]) * scale;
      for (std::size_t c = first; c < first + classes; ++c) {
        z.grad[c] +=
            static_cast<Real>(dy * (mass * p.probability(z.data[c]) - q.probability(t.data[c])));
      }
    });
  });
  return y;
}

}  // namespace

Tensor kl_divergence(Tensor logits, Tensor probabilities, const KlDivergenceOptions& options) {
  return divergence<FromProbabilities>(logits, probabilities, options.reduction);
}

Tensor kl_divergence_to_logits(Tensor logits, Tensor target_logits,
                               const KlDivergenceOptions& options) {
  return divergence<FromLogits>(logits, target_logits, options.reduction);
}

}  // namespace temper::inline TEMPER_PRECISION
