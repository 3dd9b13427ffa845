// Kullback-Leibler divergence of a predicted distribution from a target distribution: distillation.
#pragma once

#include "reduction.h"

namespace temper {
// KL(t ‖ softmax(z)) = Σ_c t_c (log t_c - log softmax(z)_c) with 0 log 0 = 0, of every row of the
// logits z: [n, C], [n, C] -> [n] for none, else a scalar (Kullback, Leibler 1951). It is infinite
// where t > 0 has no probability. The mean is over rows (PyTorch's "batchmean"), 0 without rows.
// Targets are constants: a gradient wanted of them is an error. Throws ShapeError for shapes that
// differ and for rows that are negative, not finite or do not sum to 1 within 1e-3.
Tensor kl_divergence(Tensor logits, Tensor probabilities, Reduction reduction = Reduction::mean);

// The same with t = softmax(target_logits). A student learns from a teacher at temperature T
// (Hinton et al. 2015) with kl_divergence_to_logits(student / T, teacher / T) * (T * T).
Tensor kl_divergence_to_logits(Tensor logits, Tensor target_logits,
                               Reduction reduction = Reduction::mean);
}  // namespace temper
