// Wrong labels: a share of the training labels is replaced, those of the test set are true.
#include "../measure.h"
#include "experiments.h"

namespace temper::lab {
namespace {
// "0.4 forward": the share of wrong labels and what is done about it.
Step step_of(const std::string& kind, const std::vector<Real>& transition, std::uint64_t seed) {
  if (kind == "forward")
    return [=](Layer& model, Tensor inputs, const Batch& batch) {
      return forward_corrected_cross_entropy(model.forward(inputs), batch.labels, transition);
    };
  if (kind == "mixup" || kind == "cutmix")
    return [=, rng = Rng(seed)](Layer& model, Tensor inputs, const Batch& batch) mutable {
      const Mixed mixed = kind == "mixup" ? mixup(inputs, batch.labels, 1, rng)
                                          : cutmix(inputs, batch.labels, 1, rng);
      return mixed_cross_entropy(model.forward(mixed.inputs), mixed);
    };
  return cross_entropy(number_of(kind));
}

void train_noise(const Run& run, Data& data, Result& result) {
  const double rate = std::stod(run.arm);
  const std::vector<Real> transition = symmetric_noise(10, rate);
  data.train.labels = corrupt_labels(data.train.labels, transition, run.seed);
  data.held_out.labels = corrupt_labels(data.held_out.labels, transition, run.seed + 1000);
  Classifier model({256}, run.seed);
  Curves curves(model, data, result);
  train(model, data.train,
        curves.watch(step_of(run.arm.substr(run.arm.find(' ') + 1), transition, run.seed)),
        {.epochs = epochs_of(run, 10), .after_epoch = [&](int) { curves.after_epoch(); }},
        run.seed);
  measure(model, data, result);
}
}  // namespace

Experiment noise_experiment() {
  const std::string study = "noise";
  const std::vector<std::string> both = {"mnist", "fashion-mnist"};
  return {
      .studies = {{.name = study,
                   .what =
                       "784-256-10, 10 epochs; this share of the training labels replaced by one "
                       "of the nine others, each as likely",
                   .datasets = both,
                   .arms = {"0.4 hard", "0.4 smooth 0.1", "0.4 smooth 0.3", "0.4 forward",
                            "0.4 mixup", "0.4 cutmix", "0.2 hard", "0.2 smooth 0.1", "0.2 forward",
                            "0.6 hard", "0.6 smooth 0.1", "0.6 forward"},
                   .seeds = 10,
                   .quick_seeds = 2,
                   .seconds = 10,
                   .train = train_noise}},
      .claims = {
          {.name = "label-noise",
           .article = "Label smoothing is robust to noisy labels.",
           .literature = "CIFAR-10 with 20 % wrong labels: 80.4 to 84.0 % (Lukasik 2020); nothing "
                         "left at high noise (Wei 2022).",
           .prediction = "With 40 % wrong labels, after the last epoch: 1 to 10 points less error.",
           .study = study,
           .datasets = both,
           .treatment = {"0.4 smooth 0.1", "error"},
           .reference = {"0.4 hard", "error"},
           .unit = "points of error",
           .scale = 100,
           .more_supports = false},
          {.name = "noise-correction",
           .article =
               "Label smoothing is robust to noisy labels (and more so than a loss that knows "
               "the noise).",
           .literature = "Forward correction beats smoothing on ImageNet with 20 % noise (Lukasik "
                         "2020); it was made for this (Patrini 2017).",
           .prediction = "Reversed: forward correction has less error.",
           .study = study,
           .datasets = both,
           .treatment = {"0.4 smooth 0.1", "error"},
           .reference = {"0.4 forward", "error"},
           .unit = "points of error",
           .scale = 100,
           .more_supports = false},
      }};
}
}  // namespace temper::lab
