// Softmax cross-entropy for both kinds of targets, labels and probability rows.
#pragma once

#include "../core/labels.h"
#include "reduction.h"

namespace temper {
// They own their numbers, so they may stand in a variable; whoever has many of them makes the
// options once and not in every step.
struct CrossEntropyOptions {
  double label_smoothing = 0;              // ε in [0, 1] (Szegedy et al. 2016)
  std::vector<Real> smoothing_prior = {};  // u, C entries >= 0, sum 1; empty: uniform 1/C
  std::vector<Real> class_weights = {};    // w, C entries >= 0; empty: 1
  std::optional<int> ignore_index = {};    // rows with this label do not count; labels only
  std::vector<Real> target_matrix = {};    // M, C x C: the target of label y is row y of M
  std::vector<Real> row_weights = {};      // v, one of each row or pixel, >= 0; empty: 1
  Reduction reduction = Reduction::mean;
};

// With logits z [n, C], or [n, C, l] and [n, C, h, w], where each pixel counts as a row, with p =
// softmax(z) over the classes and a target t for each row (one-hot for a label):
//
//   t̃ = (1 - ε) t + ε u   ℓ = -v Σ_c w_c t̃_c log p_c   mean = Σ ℓ / D,  D = Σ_rows v Σ_c w_c t_c
//
// over the rows that are not ignored: a scalar for sum and mean, [n], [n, l] or [n, h, w] for none.
// A row with v = 0 is ignored whatever its numbers are: a mask for probabilities. Rows that sum to
// 0.999 count 0.999 in D. The gradient is dℓ/dz_k = v (A p_k - w_k t̃_k) with A = Σ_c w_c t̃_c:
// without weights p - t̃.
// Labels come in the order of that result, probabilities in the shape of z; labels with a target
// matrix (see target_matrix.h) give what its rows, taken as probabilities, would. The numbers are
// those of PyTorch's CrossEntropyLoss with two deliberate differences: with class weights a
// probability row counts in D as its label would (PyTorch divides by n there), and the mean is 0,
// not NaN, when D is. So labels and their one-hot rows give the same loss and gradient. A target of
// 0 counts nothing even where p is 0. The bits do not depend on the number of threads.
//
// Throws ShapeError, naming the row or the pixel, for labels out of range, rows that are negative,
// not finite or do not sum to 1 within 1e-3 (of a target matrix: those that a label uses), options
// out of range, and shapes that do not fit. Probabilities are constants: a gradient wanted of them
// is an error; so are ignore_index and target_matrix, which are for labels.
Tensor softmax_cross_entropy(Tensor logits, Labels labels, const CrossEntropyOptions& options = {});
Tensor softmax_cross_entropy(Tensor logits, Tensor probabilities,
                             const CrossEntropyOptions& options = {});

// softmax_cross_entropy(linear(x, weight, bias), labels, options) for x [n, in], weight [C, in] and
// bias [C] or Tensor{}, up to rounding, but without holding the logits [n, C]: those of 256 rows
// exist at a time, or of more if there are few classes (Hsu et al. 2024, Wijmans et al. 2024). The
// gradients are computed on the way and scaled in backward(), so no product is computed twice; with
// Reduction::none, where each row has a scale, it is the two ops. No target_matrix, no row_weights.
Tensor linear_cross_entropy(Tensor x, Tensor weight, Tensor bias, Labels labels,
                            const CrossEntropyOptions& options = {});

// Throws ShapeError unless there is a label, one of the classes, for each row or pixel.
void require_labels(Labels labels, const Shape& logits, std::optional<int> ignore_index = {});
}  // namespace temper
