// The formulas of the schedules.
#include "schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "optimizer.h"

namespace temper::inline TEMPER_PRECISION {

namespace {

// From `from` at x = 0 to `to` at x = 1, along half a cosine.
double half_cosine(double from, double to, double x) {
  return to + (from - to) * (1 + std::cos(std::numbers::pi * x)) / 2;
}

void require_time(const char* schedule, int t, int length) {
  require(t >= 0, schedule, ": steps count from 0, got ", t);
  require(length >= 1, schedule, ": the length must be at least 1, got ", length);
}

}  // namespace

double step_decay(int t, int every, double gamma) {
  require_time("step_decay", t, every);
  require_not_negative("step_decay", "gamma", gamma);
  return std::pow(gamma, t / every);
}

double exponential_decay(int t, double gamma) {
  require_time("exponential_decay", t, 1);
  require_not_negative("exponential_decay", "gamma", gamma);
  return std::pow(gamma, t);
}

double cosine_decay(int t, int length, double low) {
  require_time("cosine_decay", t, length);
  require_not_negative("cosine_decay", "low", low);
  return half_cosine(1, low, static_cast<double>(t) / length);
}

double linear_warmup(int t, int length, double start) {
  require_time("linear_warmup", t, length);
  require_not_negative("linear_warmup", "start", start);
  return start + (1 - start) * std::min(t, length) / length;
}

double one_cycle(int t, int length, const OneCycleOptions& options) {
  require_time("one_cycle", t, length);
  require_below_one("one_cycle", "rise", options.rise);
  require(options.divide >= 1 && options.final_divide >= 1,
          "one_cycle: divide and final_divide must be at least 1, got ", options.divide, " and ",
          options.final_divide);
  const double first = 1 / options.divide;
  const double peak = options.rise * length - 1, end = length - 1;  // PyTorch's -1: t begins at 0
  if (t < peak) return half_cosine(first, 1, t / peak);
  return half_cosine(1, first / options.final_divide, std::min((t - peak) / (end - peak), 1.0));
}

ReduceOnPlateau::ReduceOnPlateau(const PlateauOptions& options) : options_(options) {
  require_below_one("ReduceOnPlateau", "factor", options.factor);
  require_not_negative("ReduceOnPlateau", "patience", options.patience);
  require_not_negative("ReduceOnPlateau", "threshold", options.threshold);
  require_not_negative("ReduceOnPlateau", "cooldown", options.cooldown);
  require_not_negative("ReduceOnPlateau", "min_learning_rate", options.min_learning_rate);
}

double ReduceOnPlateau::next(double learning_rate, double loss) {
  ++bad_epochs_;
  if (loss < best_ * (1 - options_.threshold)) {
    best_ = loss;
    bad_epochs_ = 0;
  }
  if (cooldown_left_ > 0) {
    --cooldown_left_;
    bad_epochs_ = 0;
  }
  if (bad_epochs_ <= options_.patience) return learning_rate;
  bad_epochs_ = 0;
  cooldown_left_ = options_.cooldown;
  const double lower = std::max(learning_rate * options_.factor, options_.min_learning_rate);
  return learning_rate - lower > 1e-8 ? lower : learning_rate;  // PyTorch's eps
}

}  // namespace temper::inline TEMPER_PRECISION
