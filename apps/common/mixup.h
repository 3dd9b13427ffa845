// mixup and cutmix: samples blended in pairs, and the loss of both their labels.
#pragma once

#include <temper.h>

namespace temper {
// A batch in which every sample was blended with a partner; valid until the tape is cleared.
struct Mixed {
  Tensor inputs;
  Labels first, second;  // of each sample and of its partner
  double share = 1;      // of the sample; 1 - share is its partner's
};

// share · x + (1 - share) · partner of inputs [n, ...] on a tape, with one share for the batch from
// Beta(alpha, alpha), 1 for alpha = 0, and a permutation as partners (Zhang et al. 2018). Inputs
// may get a gradient. Throws ShapeError unless there are n labels and alpha is finite and >= 0.
Mixed mixup(Tensor inputs, Labels labels, double alpha, Rng& rng);

// A rectangle of each image is its partner's (Yun et al. 2019): sides √(1 - share) of the image's
// with the share drawn as above, a middle anywhere, cut off at the edges. The share is then what is
// really uncovered. Images are [n, c, h, w], [n, h, w] or flat squares [n, h · h], else ShapeError.
Mixed cutmix(Tensor inputs, Labels labels, double alpha, Rng& rng);

// The loss that belongs to them: share · ℓ(first) + (1 - share) · ℓ(second).
inline Tensor mixed_cross_entropy(Tensor logits, const Mixed& mixed,
                                  const CrossEntropyOptions& options = {}) {
  require(mixed.inputs.tape != nullptr, "mixed_cross_entropy: the inputs are not from mixup");
  mixed.inputs.tape->check(mixed.inputs);  // the labels are kept there, too
  return softmax_cross_entropy(logits, mixed.first, options) * mixed.share +
         softmax_cross_entropy(logits, mixed.second, options) * (1 - mixed.share);
}
}  // namespace temper
