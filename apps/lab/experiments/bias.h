// A bias for each class, fitted after training: for shares of classes that are not those of the
// training data (Hinton et al. 2015: a digit that was never seen).
#pragma once

#include <temper.h>

namespace temper::lab {
// Weights 1 and the biases b, of mean 0, with the least mean of -log softmax(z + b)_y on held-out
// predictions; never worse than no biases there. The bias of a class that does not occur, which the
// data leave open, stays finite by a tiny pull to 0. Throws ShapeError for what
// Predictions::check() refuses and for infinite logits.
Scaling fit_bias(const Predictions& held_out);
}  // namespace temper::lab
