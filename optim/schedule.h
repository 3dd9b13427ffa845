// Learning-rate schedules: plain functions from a step or an epoch, counted from 0, to a factor.
//
//   optimizer.set_learning_rate(0.1 * linear_warmup(step, 500) * cosine_decay(step, 10000));
//
// They compose by multiplication and are the formulas of PyTorch's StepLR, ExponentialLR,
// CosineAnnealingLR, LinearLR and OneCycleLR. All throw ShapeError for lengths below 1.
#pragma once

#include <limits>

#include "../core/real.h"

namespace temper::inline TEMPER_PRECISION {

// γ^⌊t / every⌋
double step_decay(int t, int every, double gamma = 0.1);

// γᵗ
double exponential_decay(int t, double gamma);

// low + (1 - low) (1 + cos(π t / length)) / 2: from 1 to low, then up again, as PyTorch does
// (Loshchilov, Hutter 2017).
double cosine_decay(int t, int length, double low = 0);

// start + (1 - start) min(t / length, 1): from start to 1, where it stays (Goyal et al. 2017).
double linear_warmup(int t, int length, double start = 1.0 / 3);

struct OneCycleOptions {
  double rise = 0.3;          // the part of the steps in which the rate rises, in [0, 1)
  double divide = 25;         // the first factor is 1 / divide
  double final_divide = 1e4;  // the last factor is 1 / (divide · final_divide)
};

// Up to 1 and down again, both along half a cosine; step `length - 1` is the last, and from there
// on the factor stays (Smith, Topin 2018). Only the learning rate: momentum is not cycled.
double one_cycle(int t, int length, const OneCycleOptions& options = {});

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
  explicit ReduceOnPlateau(const PlateauOptions& options = {});

  double next(double learning_rate, double loss);

 private:
  PlateauOptions options_;
  double best_ = std::numeric_limits<double>::infinity();
  int bad_epochs_ = 0;
  int cooldown_left_ = 0;
};

}  // namespace temper::inline TEMPER_PRECISION
