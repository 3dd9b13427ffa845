// Scaling: making a trained model's probabilities true by a few numbers, fitted on held-out data.
#pragma once

#include "predictions.h"

namespace temper {
// Logits z become w_c z_c + b_c.
struct Scaling {
  std::vector<double> weights, biases;  // C each
  int passes = 0;                       // over the held-out predictions, to find them

  // 1 / w, above 1 for an over-confident model. Throws ShapeError unless all weights are the same.
  double temperature() const;
};

// The logits scaled, with the same labels. Throws ShapeError for another number of classes.
Predictions scaled(Predictions p, const Scaling& scaling);

// w = 1 / T for all classes, b = 0 (Guo et al. 2017): the minimum of the mean of -log softmax(z /
// T)_y on the held-out predictions, which is convex in w, by Newton's method in about 5 passes. It
// is never worse there than T = 1; never fit on what you test on. With the spread s of the logits
// (their standard deviation in a row), T is between s / 1000, where every label has the largest
// logit, and 1000 s, where the model is worse than chance; 1 is never out of bounds. Throws
// ShapeError for what Predictions::check() refuses and for infinite logits.
Scaling fit_temperature(const Predictions& held_out);
}  // namespace temper
