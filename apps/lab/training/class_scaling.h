// Scaling by class: a weight and a bias for each class, fitted after training.
#pragma once

#include <temper.h>

namespace temper::lab {
// Both minimise the mean of -log softmax(w ∘ z + b)_y on the held-out predictions by Newton's
// method, as fit_temperature() does for one weight, and throw what it throws. What the data leave
// open (the bias of a class that does not occur, weights where all are right) stays finite by a
// tiny pull to where they start.

// w = 1 and a bias for each class, of mean 0: for shares of classes that differ from those in
// training (Hinton et al. 2015: a digit that was never seen).
Scaling fit_bias(const Predictions& held_out);

// w and b for each class, starting from fit_temperature (Guo et al. 2017). Its time and memory grow
// with C².
Scaling fit_vector_scaling(const Predictions& held_out);
}  // namespace temper::lab
