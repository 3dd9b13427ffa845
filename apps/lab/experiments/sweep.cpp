// How much smoothing: calibration against ε. For the picture; it decides no claim.
#include "../measure.h"
#include "experiments.h"

namespace temper::lab {
namespace {
void train_sweep(const Run& run, Data& data, Result& result) {
  Classifier model({256}, run.seed);
  train(model, data.train, cross_entropy(number_of(run.arm)), {.epochs = epochs_of(run, 15)},
        run.seed);
  measure(model, data, result);
}
}  // namespace

Experiment sweep_experiment() {
  return {.studies = {{.name = "sweep",
                       .what = "As targets, with the smoothing from 0 to 0.5",
                       .datasets = {"mnist", "fashion-mnist"},
                       .arms = {"smooth 0", "smooth 0.01", "smooth 0.02", "smooth 0.05",
                                "smooth 0.1", "smooth 0.2", "smooth 0.3", "smooth 0.5"},
                       .seeds = 2,
                       .quick_seeds = 2,
                       .seconds = 10,
                       .train = train_sweep}},
          .claims = {}};
}
}  // namespace temper::lab
