#include "noise.h"

#include "../../common/forward_correction.h"
#include "../../common/mixup.h"
#include "../training/measure.h"
#include "experiments.h"

namespace temper::lab {
std::vector<Real> mnist_noise(double rate) {
  require(rate >= 0 && rate <= 1, "mnist_noise: rate must be in [0, 1], got ", rate);
  constexpr std::size_t classes = 10, look_alike[] = {0, 1, 7, 8, 4, 6, 5, 1, 8, 9};
  std::vector<Real> matrix(classes * classes);
  for (std::size_t y = 0; y < classes; ++y) {
    matrix[y * classes + y] = static_cast<Real>(1 - rate);
    matrix[y * classes + look_alike[y]] = look_alike[y] == y ? 1 : static_cast<Real>(rate);
  }
  return matrix;
}

namespace {
Step step_of(const Arm& arm, const std::vector<Real>& transition, std::uint64_t seed) {
  const Remedy remedy = arm.remedy;
  if (remedy == Remedy::forward_correction)
    return [=](Layer& model, Tensor inputs, const Batch& batch) {
      return forward_corrected_cross_entropy(model.forward(inputs), batch.labels, transition);
    };
  if (remedy == Remedy::mixup || remedy == Remedy::cutmix)
    return [=, rng = Rng(seed)](Layer& model, Tensor inputs, const Batch& batch) mutable {
      const Mixed mixed = remedy == Remedy::mixup ? mixup(inputs, batch.labels, 1, rng)
                                                  : cutmix(inputs, batch.labels, 1, rng);
      return mixed_cross_entropy(model.forward(mixed.inputs), mixed);
    };
  return cross_entropy(arm.smoothing);
}

void train_noise(const Run& run, const Arm& arm, Data& data, Result& result) {
  const double rate = arm.wrong_labels;
  const std::vector<Real> transition = !arm.look_alikes         ? symmetric_noise(10, rate)
                                       : run.dataset == "mnist" ? mnist_noise(rate)
                                                                : pair_noise(10, rate);
  data.train.labels = corrupt_labels(data.train.labels, transition, run.seed + 2000);
  Classifier model({256}, run.seed);
  Curves curves(model, data, result);
  train(model, data.train, curves.watch(step_of(arm, transition, run.seed + 3000)),
        {.epochs = epochs_of(run, 8), .after_epoch = [&](int) { curves.after_epoch(); }}, run.seed);
  measure(model, data, result);
}

// These arms, on labels of which this share is wrong.
std::vector<Arm> where_wrong(double share, std::vector<Arm> arms, bool look_alikes = false) {
  for (Arm& arm : arms) arm = on_wrong_labels(arm, share, look_alikes);
  return arms;
}
}  // namespace

Experiment noise_experiment() {
  const Arm forward = {.name = "forward", .remedy = Remedy::forward_correction},
            mixup = {.name = "mixup", .remedy = Remedy::mixup},
            cutmix = {.name = "cutmix", .remedy = Remedy::cutmix};
  const std::vector<Arm> main = {hard(), smooth(0.1), forward};
  std::vector<Arm> all;
  for (const auto& some :
       {where_wrong(0.4, {hard(), smooth(0.1), forward, mixup, cutmix}), where_wrong(0.2, main),
        where_wrong(0.6, main), where_wrong(0.4, main, true)})
    all.insert(all.end(), some.begin(), some.end());
  const Arm hard_arm = on_wrong_labels(hard(), 0.4), smooth_arm = on_wrong_labels(smooth(0.1), 0.4),
            forward_arm = on_wrong_labels(forward, 0.4);
  const std::string what =
      "784-256-10, 8 epochs; this share of the training labels replaced by one of the nine others, "
      "each as likely, or (alike) by the one that looks like it (MNIST: 2 to 7, 3 to 8, 5 to 6 and "
      "back, 7 to 1) or comes next (Fashion-MNIST)";
  return {
      .studies = {{.name = "noise",
                   .what = what,
                   .arms = where_wrong(0.4, main),
                   .seconds = 7,
                   .train = train_noise},
                  // a study for its pictures, which decides no claim
                  {.name = "noise-shares",
                   .what = "As noise: " + what,
                   .arms = all,
                   .seeds = 2,
                   .quick_seeds = 2,
                   .seconds = 7,
                   .train = train_noise,
                   .family = Family::shares_of_wrong_labels}},
      .claims = {
          {.name = "label-noise",
           .statement = "Label smoothing is robust to noisy labels.",
           .literature = "CIFAR-10 with 20 % wrong labels: 80.4 to 84.0 % (Lukasik 2020, as "
                         "others report it); nothing left at high noise (Wei 2022).",
           .prediction = "With 40 % wrong labels, after the last epoch: 1 to 10 points less error.",
           .treatment = {smooth_arm, "error"},
           .reference = {hard_arm, "error"},
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
           .treatment = {smooth_arm, "best_accuracy"},
           .reference = {hard_arm, "best_accuracy"},
           .more_supports = true},
          {.name = "noise-correction",
           .statement =
               "Label smoothing is more robust to noisy labels than a loss that knows the noise.",
           .asked_by_us = true,
           .literature = "With 20 % wrong labels smoothing is better on CIFAR-10 (84.0 against "
                         "80.8 %), forward correction on ImageNet (Lukasik 2020, as others "
                         "report it).",
           .prediction = "Reversed: forward correction has less error.",
           .treatment = {smooth_arm, "error"},
           .reference = {forward_arm, "error"},
           .more_supports = false},
      }};
}
}  // namespace temper::lab
