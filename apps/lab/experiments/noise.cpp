// Wrong labels: a share of the training labels is replaced, those held out and of the test are
// true.
#include "../measure.h"
#include "experiments.h"

namespace temper::lab {
namespace {
// "0.4 forward": the share of wrong labels and what is done about it; "0.4 alike forward": they are
// those of classes that look alike.
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
  std::string kind = run.arm.substr(run.arm.find(' ') + 1);
  const bool alike = kind.starts_with("alike ");
  if (alike) kind = kind.substr(6);
  const std::vector<Real> transition = !alike                   ? symmetric_noise(10, rate)
                                       : run.dataset == "mnist" ? mnist_noise(rate)
                                                                : pair_noise(10, rate);
  data.train.labels = corrupt_labels(data.train.labels, transition, run.seed + 2000);
  Classifier model({256}, run.seed);
  Curves curves(model, data, result);
  train(model, data.train, curves.watch(step_of(kind, transition, run.seed + 3000)),
        {.epochs = epochs_of(run, 8), .after_epoch = [&](int) { curves.after_epoch(); }}, run.seed);
  measure(model, data, result);
}
}  // namespace

Experiment noise_experiment() {
  const std::string study = "noise";
  const std::vector<std::string> both = {"mnist", "fashion-mnist"};
  const std::string what =
      "784-256-10, 8 epochs; this share of the training labels replaced by one of the nine others, "
      "each as likely, or (alike) by the one that looks like it (MNIST: 2 to 7, 3 to 8, 5 to 6 and "
      "back, 7 to 1) or comes next (Fashion-MNIST)";
  return {
      .studies = {{.name = study,
                   .what = what,
                   .datasets = both,
                   .arms = {"0.4 hard", "0.4 smooth 0.1", "0.4 forward"},
                   .seeds = 10,
                   .quick_seeds = 4,
                   .seconds = 7,
                   .train = train_noise},
                  // For the picture; it decides no claim.
                  {.name = "noise-shares",
                   .what = "As noise: " + what,
                   .datasets = both,
                   .arms = {"0.4 hard", "0.4 smooth 0.1", "0.4 forward", "0.4 mixup", "0.4 cutmix",
                            "0.2 hard", "0.2 smooth 0.1", "0.2 forward", "0.6 hard",
                            "0.6 smooth 0.1", "0.6 forward", "0.4 alike hard",
                            "0.4 alike smooth 0.1", "0.4 alike forward"},
                   .seeds = 2,
                   .quick_seeds = 2,
                   .seconds = 7,
                   .train = train_noise}},
      .claims = {
          {.name = "label-noise",
           .statement = "Label smoothing is robust to noisy labels.",
           .literature = "CIFAR-10 with 20 % wrong labels: 80.4 to 84.0 % (Lukasik 2020, as "
                         "others report it); nothing left at high noise (Wei 2022).",
           .prediction = "With 40 % wrong labels, after the last epoch: 1 to 10 points less error.",
           .study = study,
           .datasets = both,
           .treatment = {"0.4 smooth 0.1", "error"},
           .reference = {"0.4 hard", "error"},
           .unit = "points of error",
           .scale = 100,
           .more_supports = false,
           .also = {"noise-shares"}},
          {.name = "early-stopping",
           .statement =
               "Label smoothing is robust to noisy labels where training stops in time: at "
               "the epoch that is best on held-out images with true labels.",
           .asked_by_us = true,
           .literature = "A network learns true labels before it learns wrong ones by heart (Arpit "
                         "2017); no number for this comparison found.",
           .prediction = "Hardly a difference: stopping in time does what smoothing does.",
           .study = study,
           .datasets = both,
           .treatment = {"0.4 smooth 0.1", "best_accuracy"},
           .reference = {"0.4 hard", "best_accuracy"},
           .unit = "points of accuracy",
           .scale = 100,
           .more_supports = true},
          {.name = "noise-correction",
           .statement =
               "Label smoothing is more robust to noisy labels than a loss that knows the noise.",
           .asked_by_us = true,
           .literature = "With 20 % wrong labels smoothing is better on CIFAR-10 (84.0 against "
                         "80.8 %), forward correction on ImageNet (Lukasik 2020, as others "
                         "report it).",
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
