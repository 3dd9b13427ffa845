// The MNIST table of Pereyra et al. 2017, with the run on hard targets that it lacks.
#include "../measure.h"
#include "experiments.h"

namespace temper::lab {
namespace {
void train_pereyra(const Run& run, Data& data, Result& result) {
  const int width = run.quick ? 256 : 1024;
  Classifier model({width, width}, run.seed, run.arm == "dropout 0.5" ? 0.5 : 0, normal(0.01));
  const auto penalty = [](Layer& network, Tensor inputs, const Batch& batch) {
    const Tensor logits = network.forward(inputs);
    return softmax_cross_entropy(logits, batch.labels) + confidence_penalty(logits);
  };
  train(model, data.train,
        run.arm == "penalty 1"    ? Step(penalty)
        : run.arm == "smooth 0.1" ? cross_entropy(0.1)
                                  : cross_entropy(),
        {.epochs = epochs_of(run, 5), .learning_rate = 0.1, .cosine = true}, run.seed);
  measure(model, data, result);
}
}  // namespace

Experiment pereyra_experiment() {
  const std::string study = "pereyra";
  return {
      .studies = {{.name = study,
                   .what =
                       "784-1024-1024-10 from N(0, 0.01²), 5 epochs of SGD 0.1 with "
                       "momentum 0.9, cosine, batch 128, 55,000 images (the paper: 60,000, "
                       "0.05 without momentum, 0.001 for dropout; batch and epochs are not told)",
                   .datasets = {"mnist"},
                   .arms = {"hard", "dropout 0.5", "smooth 0.1", "penalty 1"},
                   .seeds = 10,
                   .quick_seeds = 2,
                   .seconds = 42,
                   .train = train_pereyra,
                   .fewer_seeds = {{"dropout 0.5", 5}, {"penalty 1", 5}}}},
      .claims = {
          {.name = "pereyra",
           .statement = "Label smoothing improves generalization in the setting of Pereyra 2017.",
           .asked_by_us = true,
           .literature = "1.23 % error, with dropout 1.28, with a confidence penalty 1.17, all "
                         "± 0.06 (Pereyra 2017).",
           .prediction = "0 to 0.2 points less error than hard targets.",
           .study = study,
           .datasets = {"mnist"},
           .treatment = {"smooth 0.1", "error"},
           .reference = {"hard", "error"},
           .unit = "points of error",
           .scale = 100,
           .more_supports = false,
           .published = {{{"dropout 0.5", "error"}, 1.28, "Pereyra 2017"},
                         {{"smooth 0.1", "error"}, 1.23, "Pereyra 2017"},
                         {{"penalty 1", "error"}, 1.17, "Pereyra 2017"}}},
      }};
}
}  // namespace temper::lab
