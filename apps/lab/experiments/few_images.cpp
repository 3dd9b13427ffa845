// 5,000 training images for a long time: what is learned by heart.
#include "../training/measure.h"
#include "experiments.h"

namespace temper::lab {
namespace {
void train_few_images(const Run& run, const Arm& arm, Data& data, Result& result) {
  std::vector<int> places = range(0, data.train.size());  // another part for each seed
  Rng rng(run.seed + 7000);
  rng.shuffle(std::span(places));
  places.resize(run.quick ? 1000 : 5000);
  data.train = subset(data.train, places);
  Classifier model({256}, run.seed);
  Curves curves(model, data, result);
  train(model, data.train, curves.watch(cross_entropy(arm.smoothing)),
        {.epochs = epochs_of(run, 60), .after_epoch = [&](int) { curves.after_epoch(); }},
        run.seed);
  measure(model, data, result);
}
}  // namespace

Experiment few_images_experiment() {
  return {
      .studies = {{.name = "few-images",
                   .what = "784-256-10, 5,000 training images, 60 epochs",
                   .arms = {hard(), smooth(0.1)},
                   .quick_seeds = 5,
                   .seconds = 11,
                   .train = train_few_images}},
      .claims = {
          {.name = "overfitting",
           .statement = "Hard targets overfit and memorize; label smoothing prevents it.",
           .literature = "No numbers for MNIST found. The training loss of smoothed targets "
                         "cannot fall to 0, so a part of it is by construction.",
           .prediction = "The gap between test and training NLL shrinks by far on both data "
                         "sets.",
           .treatment = {smooth(0.1), "nll_growth"},
           .reference = {hard(), "nll_growth"},
           .more_supports = false},
          {.name = "memorizing",
           .statement = "Hard targets overfit and memorize, measured by errors, which smoothing "
                        "does not change by construction.",
           .asked_by_us = true,
           .literature = "No numbers for MNIST found.",
           .prediction = "Hardly a difference: both learn all training images.",
           .treatment = {smooth(0.1), "error_growth"},
           .reference = {hard(), "error_growth"},
           .more_supports = false},
          {.name = "few-images",
           .statement = "Label smoothing improves generalization where data are few.",
           .literature = "A regularizer helps most with few data; no number for MNIST found.",
           .prediction = "0.1 to 0.5 points less error on MNIST.",
           .treatment = {smooth(0.1), "error"},
           .reference = {hard(), "error"},
           .more_supports = false},
      }};
}
}  // namespace temper::lab
