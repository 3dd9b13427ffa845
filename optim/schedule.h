// Learning-rate schedules: plain functions from a step or an epoch, counted from 0, to a factor.
//
//   optimizer.set_learning_rate(0.1 * linear_warmup(step, 500) * cosine_decay(step, 10000));
//
// They compose by multiplication and are the formulas of PyTorch's StepLR, ExponentialLR,
// CosineAnnealingLR, LinearLR and OneCycleLR. All throw ShapeError for lengths below 1.
#pragma once

#include <numbers>

#include "optimizer.h"

namespace temper {
inline void require_time(const char* schedule, int t, int length) {
  require(t >= 0, schedule, ": steps count from 0, got ", t);
  require(length >= 1, schedule, ": the length must be at least 1, got ", length);
}

// From `from` at x = 0 to `to` at x = 1, along half a cosine.
inline double half_cosine(double from, double to, double x) {
  return to + (from - to) * (1 + std::cos(std::numbers::pi * x)) / 2;
}

// γ^⌊t / every⌋
inline double step_decay(int t, int every, double gamma = 0.1) {
  require_time("step_decay", t, every);
  require_not_negative("step_decay", "gamma", gamma);
  return std::pow(gamma, t / every);
}

// γᵗ
inline double exponential_decay(int t, double gamma) {
  require_time("exponential_decay", t, 1);
  require_not_negative("exponential_decay", "gamma", gamma);
  return std::pow(gamma, t);
}

// low + (1 - low) (1 + cos(π t / length)) / 2: 1 to low, then up again (Loshchilov, Hutter 2017).
inline double cosine_decay(int t, int length, double low = 0) {
  require_time("cosine_decay", t, length);
  require_not_negative("cosine_decay", "low", low);
  return half_cosine(1, low, static_cast<double>(t) / length);
}

// start + (1 - start) min(t / length, 1): from start to 1, where it stays (Goyal et al. 2017).
inline double linear_warmup(int t, int length, double start = 1.0 / 3) {
  require_time("linear_warmup", t, length);
  require_not_negative("linear_warmup", "start", start);
  return start + (1 - start) * std::min(t, length) / length;
}

struct OneCycleOptions {
  double rise = 0.3;          // the part of the steps in which the rate rises, in [0, 1)
  double divide = 25;         // the first factor is 1 / divide
  double final_divide = 1e4;  // the last factor is 1 / (divide · final_divide)
};

// Up to 1 and down again, both along half a cosine; step `length - 1` is the last, and from there
// on the factor stays (Smith, Topin 2018). Only the learning rate: momentum is not cycled.
inline double one_cycle(int t, int length, const OneCycleOptions& options = {}) {
  require_time("one_cycle", t, length);
  require_below_one("one_cycle", "rise", options.rise);
  require(options.divide >= 1 && options.final_divide >= 1,
          "one_cycle: divide and final_divide must be at least 1, got ", options.divide, " and ",
          options.final_divide);
  const double first = 1 / options.divide;
  const double peak = options.rise * length - 1, end = length - 1;  // PyTorch's -1: t begins at 0
  if (t + 1 < options.rise * length) return half_cosine(first, 1, t / peak);
  return half_cosine(1, first / options.final_divide, std::min((t - peak) / (end - peak), 1.0));
}
}  // namespace temper
