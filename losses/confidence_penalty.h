// Confidence penalty: a classifier that is sure pays for it.
#pragma once

#include "../core/elementwise.h"
#include "../core/fast_math.h"
#include "distribution.h"
#include "reduction.h"

namespace temper {
// -H(p) = Σ_c p_c log p_c with p = softmax(z) and 0 log 0 = 0, of every row of the logits z: [n, C]
// -> [n] for none, else a scalar, -log C to 0 for mean. Another loss is given it times β: loss +
// confidence_penalty(z) * β (Pereyra et al. 2017). Throws ShapeError for logits of another shape.
inline Tensor confidence_penalty(Tensor logits, Reduction reduction = Reduction::mean) {
  check_logits("confidence_penalty", logits.shape);
  const Tensor terms = elementwise(
      "confidence_penalty", log_softmax(logits),
      [](Real log_p) { return fast::times(fast::exp(log_p), log_p); },
      [](Real log_p, Real) { return fast::times(fast::exp(log_p), 1 + log_p); });
  return reduce(sum(terms, 1), reduction);
}
}  // namespace temper
