// The MNIST table of Pereyra et al. 2017, with the run on hard targets that it lacks.
#include "../training/measure.h"
#include "experiments.h"

namespace temper::lab {
namespace {
void train_pereyra(const Run& run, const Arm& arm, Data& data, Result& result) {
  const int width = run.quick ? 256 : 1024;
  Classifier model({width, width}, run.seed, arm.dropout, normal(0.01));
  const auto penalized = [&](Layer& network, Tensor inputs, const Batch& batch) {
    const Tensor logits = network.forward(inputs);
    return softmax_cross_entropy(logits, batch.labels) +
           confidence_penalty(logits) * arm.confidence_penalty;
  };
  train(model, data.train,
        arm.confidence_penalty > 0 ? Step(penalized) : cross_entropy(arm.smoothing),
        {.epochs = epochs_of(run, 5), .learning_rate = 0.1, .cosine = true}, run.seed);
  measure(model, data, result);
}
}  // namespace

Experiment pereyra_experiment() {
  const Arm dropout = {.name = "dropout 0.5", .dropout = 0.5, .most_seeds = 5},
            penalty = {.name = "penalty 1", .confidence_penalty = 1, .most_seeds = 5};
  return {
      .studies = {{.name = "pereyra",
                   .what =
                       "784-1024-1024-10 from N(0, 0.01²), 5 epochs of SGD 0.1 with "
                       "momentum 0.9, cosine, batch 128, 55,000 images (the paper: 60,000, "
                       "0.05 without momentum, 0.001 for dropout; batch and epochs are not told)",
                   .datasets = {"mnist"},
                   .arms = {hard(), dropout, smooth(0.1), penalty},
                   .quick_seeds = 2,
                   .seconds = 42,
                   .train = train_pereyra}},
      .claims = {
          {.name = "pereyra",
           .statement = "Label smoothing improves generalization in the setting of Pereyra 2017.",
           .asked_by_us = true,
           .literature = "1.23 % error, with dropout 1.28, with a confidence penalty 1.17, all "
                         "± 0.06 (Pereyra 2017).",
           .prediction = "0 to 0.2 points less error than hard targets.",
           .treatment = {smooth(0.1), "error"},
           .reference = {hard(), "error"},
           .more_supports = false,
           .published = {{{dropout, "error"}, 1.28, "Pereyra 2017"},
                         {{smooth(0.1), "error"}, 1.23, "Pereyra 2017"},
                         {{penalty, "error"}, 1.17, "Pereyra 2017"}}},
      }};
}
}  // namespace temper::lab
