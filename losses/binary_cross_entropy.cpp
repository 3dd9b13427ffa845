// Binary cross-entropy from logits.
#include "binary_cross_entropy.h"

#include <cmath>

#include "../core/fast_math.h"
#include "elementwise_loss.h"

namespace temper::inline TEMPER_PRECISION {

namespace {

Real sigmoid_of(Real x) { return 1 / (1 + fast::exp(-x)); }

// log(1 + eˣ) = -log σ(-x)
Real softplus_of(Real x) { return (x < 0 ? 0 : x) + fast::log1p(fast::exp(-std::abs(x))); }

// A part with target 0 counts nothing, even where the logit is infinite.
Real times(Real target, Real y) { return target == 0 ? 0 : target * y; }

}  // namespace

Tensor binary_cross_entropy_with_logits(Tensor logits, Tensor targets,
                                        const BinaryCrossEntropyOptions& o) {
  constexpr const char* op = "binary_cross_entropy";
  require(logits.shape == targets.shape, op, ": logits ", logits.shape, " and targets ",
          targets.shape, " must have equal shapes");
  require(o.label_smoothing >= 0 && o.label_smoothing <= 1, op,
          ": label_smoothing must be in [0, 1], got ", o.label_smoothing);
  require(o.positive_weight >= 0 && std::isfinite(o.positive_weight), op,
          ": positive_weight must be finite and >= 0, got ", o.positive_weight);
  const auto allowed = [t = targets.data](std::size_t i) { return t[i] >= 0 && t[i] <= 1; };
  const auto wrong = [=](std::size_t i) { return allowed(i) ? Real(0) : Real(1); };
  if (parallel_sum(targets.size(), wrong) > 0) {
    std::size_t i = 0;
    while (allowed(i)) ++i;
    fail<ShapeError>(op, ": target[", i, "] = ", targets.data[i], " is not in [0, 1]");
  }

  // Two terms that are never negative: nothing cancels, as it does in x - x t + log(1 + e⁻ˣ).
  const auto w = static_cast<Real>(o.positive_weight);
  const auto keep = static_cast<Real>(1 - o.label_smoothing);
  const auto half = static_cast<Real>(o.label_smoothing / 2);
  return elementwise_loss(
      op, logits, targets, o.reduction,
      [=](Real x, Real t) {
        return times(w * (keep * t + half), softplus_of(-x)) +
               times(keep * (1 - t) + half, softplus_of(x));
      },
      [=](Real x, Real t) {  // d log(1 + eˣ)/dx = σ(x)
        return (keep * (1 - t) + half) * sigmoid_of(x) - w * (keep * t + half) * sigmoid_of(-x);
      },
      [=](Real x, Real) { return keep * (w * softplus_of(-x) - softplus_of(x)); });
}

}  // namespace temper::inline TEMPER_PRECISION
