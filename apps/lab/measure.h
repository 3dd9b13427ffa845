// What is measured of a trained model, under the names that claims and the report use.
#pragma once

#include "training.h"

namespace temper::lab {
// accuracy, error, nll, brier, confidence, gap = confidence - accuracy, distance = |gap|, ece; ece
// and nll _scaled by the temperature, and _vector_scaled, fitted on held-out data; the other
// calibration errors; what a perfectly calibrated model would show; how well the confidence ranks;
// and the curves of these.
void measure(Layer& model, const Data& data, Result& result);

// How well a model tells the images of its data set from those of the other one: ood_….
void measure_unknown(Layer& model, const Data& data, const Run& run, Result& result);

// After each epoch: error, nll and ece on the test set, error and nll on 5,000 training images, the
// error on held-out ones; and the training loss over the epoch.
class Curves {
 public:
  Curves(Layer& model, const Data& data, Result& result);

  // The step, watched; and the training with its hook.
  Step watch(Step step);
  void after_epoch();

 private:
  Layer& model_;
  const Data& data_;
  Result& result_;
  Dataset seen_;
  double loss_ = 0;
  int steps_ = 0;
};
}  // namespace temper::lab
