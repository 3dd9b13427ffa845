// What is measured of a trained model, under the names that claims and the report use.
#pragma once

#include "training.h"

namespace temper::lab {
// On the test images: accuracy, error, nll, brier, confidence, gap = confidence - accuracy,
// distance = |gap|, ece and the other calibration errors; ece and nll once more as _scaled by a
// temperature and _vector_scaled, fitted on the held-out images; the ece of a model whose
// confidences are true; how well the confidence tells right from wrong; and the series that the
// pictures of all these are made of.
void measure(Layer& model, const Data& data, Result& result);

// How well a model tells the images of its data set from those of the other one: ood_….
void measure_unknown(Layer& model, const Data& data, const Run& run, Result& result);

// Series by epoch: error, nll and ece on the test set, error and nll on 5,000 training images, the
// error on held-out ones, and the mean training loss.
class Curves {
 public:
  Curves(Layer& model, const Data& data, Result& result);

  Step watch(Step step);  // the same step, whose losses are noted
  void after_epoch();     // to be called by the training

 private:
  Layer& model_;
  const Data& data_;
  Result& result_;
  Dataset seen_;
  double loss_ = 0;
  int steps_ = 0;
};
}  // namespace temper::lab
