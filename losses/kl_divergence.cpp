// Kullback-Leibler divergence, put together from ops.
#include "kl_divergence.h"

#include <functional>

#include "../core/elementwise.h"
#include "../core/fast_math.h"
#include "distribution.h"

namespace temper {
constexpr const char* op = "kl_divergence";

// log softmax(z), once it is known that the targets are of its shape and constants.
static Tensor log_predicted(Tensor z, Tensor t) {
  require(z.shape.rank() == 2 && z.shape[1] > 0, op, ": logits must be [n, classes], they are ",
          z.shape);
  require(t.shape == z.shape, op, ": targets are ", t.shape, ", logits are ", z.shape);
  Tape& tape = *make_result(op, {}, {z, t}).tape;
  require(t.grad == nullptr || !tape.training(), op,
          ": targets want a gradient, but are taken as constants; set their grad to nullptr");
  return log_softmax(tape.input(z));
}

// The divergence of every row from its terms t (log t - log p); 0 log 0 = 0.
template <class Log, class Probability>
static Tensor divergence(Tensor log_p, Tensor t, Reduction reduction, Log log_t,
                         Probability probability) {
  t.grad = nullptr;
  const Tensor terms = elementwise(
      op, log_p, t,
      [=](Real p, Real t) { return probability(t) == 0 ? 0 : probability(t) * (log_t(t) - p); },
      [=](Real, Real t) { return -probability(t); }, [](Real, Real) { return Real(0); });
  return reduce(sum(terms, 1), reduction);
}

Tensor kl_divergence(Tensor logits, Tensor probabilities, Reduction reduction) {
  const Tensor log_p = log_predicted(logits, probabilities);
  const std::size_t classes = logits.shape.columns();
  for (std::size_t r = 0; r < logits.shape.rows(); ++r) {
    const auto row = probabilities.values().subspan(r * classes, classes);
    if (!is_distribution(row)) fail_target(op, text("target row ", r), row.data(), classes);
  }
  return divergence(
      log_p, probabilities, reduction, [](Real t) { return fast::log(t); }, std::identity{});
}

Tensor kl_divergence_to_logits(Tensor logits, Tensor target_logits, Reduction reduction) {
  const Tensor log_p = log_predicted(logits, target_logits);
  const Tensor log_t = log_softmax(log_p.tape->input(target_logits));
  return divergence(log_p, log_t, reduction, std::identity{}, [](Real t) { return fast::exp(t); });
}
}  // namespace temper
