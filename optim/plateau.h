// Plateau: a learning rate that falls when the loss no longer does.
#pragma once

#include "optimizer.h"

namespace temper {
struct PlateauOptions {
  double factor = 0.1;           // in [0, 1)
  int patience = 10;             // epochs without improvement that are still accepted
  double threshold = 1e-4;       // better is: loss < best (1 - threshold)
  int cooldown = 0;              // epochs after a reduction that do not count
  double min_learning_rate = 0;  // >= 0
};

// Lowers the learning rate when a loss no longer falls: PyTorch's ReduceLROnPlateau (mode min).
//
//   ReduceOnPlateau plateau({.patience = 3});
//   optimizer.set_learning_rate(plateau.next(optimizer.learning_rate(), loss));  // after an epoch
class ReduceOnPlateau {
 public:
  explicit ReduceOnPlateau(const PlateauOptions& options = {}) : options_(options) {
    require_below_one("ReduceOnPlateau", "factor", options.factor);
    require_not_negative("ReduceOnPlateau", "patience", options.patience);
    require_not_negative("ReduceOnPlateau", "threshold", options.threshold);
    require_not_negative("ReduceOnPlateau", "cooldown", options.cooldown);
    require_not_negative("ReduceOnPlateau", "min_learning_rate", options.min_learning_rate);
  }

  double next(double learning_rate, double loss) {
    const bool better = loss < best_ * (1 - options_.threshold);
    const bool cooling = cooldown_left_ > 0;
    if (better) best_ = loss;
    if (cooling) --cooldown_left_;
    bad_epochs_ = better || cooling ? 0 : bad_epochs_ + 1;
    if (bad_epochs_ <= options_.patience) return learning_rate;
    bad_epochs_ = 0;
    cooldown_left_ = options_.cooldown;
    const double lower = std::max(learning_rate * options_.factor, options_.min_learning_rate);
    return learning_rate - lower > 1e-8 ? lower : learning_rate;  // PyTorch's eps
  }

 private:
  PlateauOptions options_;
  double best_ = INFINITY;
  int bad_epochs_ = 0, cooldown_left_ = 0;
};
}  // namespace temper
