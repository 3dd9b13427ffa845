// Binary cross-entropy: every number its own yes or no, from logits.
#pragma once

#include "reduction.h"

namespace temper {
struct BinaryCrossEntropyOptions {
  double label_smoothing = 0;  // ε in [0, 1]: t̃ = (1 - ε) t + ε/2
  double positive_weight = 1;  // w >= 0, of the positive part (PyTorch's pos_weight)
  Reduction reduction = Reduction::mean;
};

// -w t̃ log σ(x) - (1 - t̃) log σ(-x) of every logit x and target t in [0, 1]: [...], [...] -> [...]
// for none, else a scalar (mean: over all elements). Both get a gradient. Nothing overflows, and
// small losses keep their digits. Throws ShapeError if shapes differ or numbers are out of range.
Tensor binary_cross_entropy_with_logits(Tensor logits, Tensor targets,
                                        const BinaryCrossEntropyOptions& options = {});
}  // namespace temper
