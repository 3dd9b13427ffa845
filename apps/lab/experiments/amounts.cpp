// Calibration by the amount of smoothing: a study for its picture, which decides no claim.
#include "../training/measure.h"
#include "experiments.h"

namespace temper::lab {
namespace {
void train_amounts(const Run& run, const Arm& arm, Data& data, Result& result) {
  Classifier model({256}, run.seed);
  train(model, data.train, cross_entropy(arm.smoothing), {.epochs = epochs_of(run, 15)}, run.seed);
  measure(model, data, result);
}
}  // namespace

Experiment amounts_experiment() {
  return {.studies = {{.name = "sweep",
                       .what = "As targets, with the smoothing from 0 to 0.5",
                       .arms = {smooth(0), smooth(0.01), smooth(0.02), smooth(0.05), smooth(0.1),
                                smooth(0.2), smooth(0.3), smooth(0.5)},
                       .seeds = 2,
                       .quick_seeds = 2,
                       .seconds = 10,
                       .train = train_amounts,
                       .family = Family::amounts_of_smoothing}}};
}
}  // namespace temper::lab
