// Binary cross-entropy from logits.
#include "binary_cross_entropy.h"

#include "../core/elementwise.h"
#include "../core/fast_math.h"

namespace temper {
static Real sigmoid_of(Real x) { return 1 / (1 + fast::exp(-x)); }

// log(1 + eˣ) = -log σ(-x)
static Real softplus_of(Real x) { return (x < 0 ? 0 : x) + fast::log1p(fast::exp(-std::abs(x))); }

Tensor binary_cross_entropy_with_logits(Tensor logits, Tensor targets,
                                        const BinaryCrossEntropyOptions& o) {
  constexpr const char* op = "binary_cross_entropy";
  require(logits.shape == targets.shape, op, ": logits ", logits.shape, " and targets ",
          targets.shape, " must have equal shapes");
  require(o.label_smoothing >= 0 && o.label_smoothing <= 1, op,
          ": label_smoothing must be in [0, 1], got ", o.label_smoothing);
  require(o.positive_weight >= 0 && std::isfinite(o.positive_weight), op,
          ": positive_weight must be finite and >= 0, got ", o.positive_weight);
  // Two terms that are never negative: nothing cancels, as it does in x - x t + log(1 + e⁻ˣ).
  const auto w = static_cast<Real>(o.positive_weight);
  const auto share = static_cast<Real>(1 - o.label_smoothing);
  const auto half = static_cast<Real>(o.label_smoothing / 2);
  const Tensor losses = elementwise(
      op, logits, targets,
      [=](Real x, Real t) {
        return fast::times(w * (share * t + half), softplus_of(-x)) +
               fast::times(share * (1 - t) + half, softplus_of(x));
      },
      [=](Real x, Real t) {  // d log(1 + eˣ)/dx = σ(x)
        return (share * (1 - t) + half) * sigmoid_of(x) - w * (share * t + half) * sigmoid_of(-x);
      },
      [=](Real x, Real) { return share * (w * softplus_of(-x) - softplus_of(x)); });
  for (const Real& t : targets.values())  // after elementwise() has checked the tensors
    require(t >= 0 && t <= 1, op, ": target[", &t - targets.data, "] = ", t, " is not in [0, 1]");
  return reduce(losses, o.reduction);
}
}  // namespace temper
