// The last linear layer and its softmax cross-entropy in one, for many classes.
#pragma once

#include "cross_entropy.h"

namespace temper {
// softmax_cross_entropy(linear(x, weight, bias), labels, options) for x [n, in], weight [C, in] and
// bias [C] or Tensor{}, number by number, without holding the logits [n, C]: those of 256 rows are
// there at a time, of more if there are few classes (Hsu et al. 2024, Wijmans et al. 2024). The
// gradients are computed on the way and scaled in backward(), so no product is done twice. With
// Reduction::none, where each row may have another gradient from above, it is the two ops. A
// target_matrix is an error.
Tensor linear_cross_entropy(Tensor x, Tensor weight, Tensor bias, Labels labels,
                            const CrossEntropyOptions& options = {});
}  // namespace temper
