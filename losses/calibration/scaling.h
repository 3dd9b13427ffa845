// Scaling: making a trained model's probabilities true by a few numbers, fitted on held-out data.
#pragma once

#include <vector>

#include "predictions.h"

namespace temper {
// Logits z become w_c z_c + b_c.
struct Scaling {
  std::vector<double> weights, biases;  // C each
  int passes = 0;                       // over the held-out predictions, to find them

  // 1 / w for weights that are all the same: above 1 the model was over-confident, below 1
  // over-smoothed. Throws ShapeError for others.
  double temperature() const;
};

// The logits scaled, with the same labels. Throws ShapeError for another number of classes.
Predictions scaled(Predictions p, const Scaling& scaling);

// Both minimise the mean of -log softmax(w ∘ z + b)_y on the held-out predictions, which is
// convex, by Newton's method: no random numbers, no learning rate. On these predictions the result
// is never worse than the logits as they are; never fit on what you test on. Throw ShapeError for
// what Predictions::check() refuses and for infinite logits.

// w = 1 / T for all classes, b = 0 (Guo et al. 2017), in about 5 passes. With the spread s of
// the logits (their standard deviation in a row), T is between s / 1000, where every label has the
// largest logit, and 1000 s, where the model is worse than chance; 1 is never out of bounds.
Scaling fit_temperature(const Predictions& held_out);

// w and b for each class, starting from fit_temperature (Guo et al. 2017). Its time and memory grow
// with C². What the data leave open (the bias of a class that does not occur, weights where all are
// right) stays finite by a tiny pull to where it starts.
Scaling fit_vector_scaling(const Predictions& held_out);
}  // namespace temper
