// Kullback-Leibler divergence, put together from ops.
#include "kl_divergence.h"

#include "../core/elementwise.h"
#include "../core/fast_math.h"
#include "distribution.h"

namespace temper {
template <bool of_logits>  // whether the targets are given as logits
static Tensor divergence(Tensor z, Tensor t, Reduction reduction) {
  constexpr const char* op = "kl_divergence";
  check_logits(op, z.shape);
  require(t.shape == z.shape, op, ": targets are ", t.shape, ", logits are ", z.shape);
  Tape& tape = *make_result(op, {}, {&z, &t}).tape;
  require(t.grad == nullptr || !tape.training(), op,
          ": targets want a gradient, but are taken as constants; set their grad to nullptr");
  t.grad = nullptr;
  const std::size_t classes = z.shape.columns();
  for (std::size_t r = 0; !of_logits && r < z.shape.rows(); ++r)
    check_distribution(op, t.values().subspan(r * classes, classes), "target row ", r);
  if (of_logits) t = log_softmax(t);
  const auto probability = [](Real x) { return of_logits ? fast::exp(x) : x; };
  const auto log = [](Real x) { return of_logits ? x : fast::log(x); };
  const Tensor terms = elementwise(
      op, log_softmax(z), t,
      [=](Real log_p, Real x) { return fast::times(probability(x), log(x) - log_p); },
      [=](Real, Real x) { return -probability(x); }, [](Real, Real) { return Real(0); });
  return reduce(sum(terms, 1), reduction);
}

Tensor kl_divergence(Tensor logits, Tensor probabilities, Reduction reduction) {
  return divergence<false>(logits, probabilities, reduction);
}

Tensor kl_divergence_to_logits(Tensor logits, Tensor target_logits, Reduction reduction) {
  return divergence<true>(logits, target_logits, reduction);
}
}  // namespace temper
