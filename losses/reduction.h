// Reduction: what becomes of the losses of a batch.
#pragma once

#include "../core/ops.h"

namespace temper {
enum class Reduction { none, sum, mean };

// The losses themselves, or one number: their sum or mean, 0 if there are none.
inline Tensor reduce(Tensor losses, Reduction reduction) {
  if (reduction == Reduction::none) return losses;
  return reduction == Reduction::mean && losses.size() > 0 ? mean(losses) : sum(losses);
}
}  // namespace temper
