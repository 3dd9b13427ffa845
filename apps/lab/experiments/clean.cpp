// Clean data: training images that look mislabelled are left out before training.
#include "../training/measure.h"
#include "experiments.h"

namespace temper::lab {
namespace {
// The places of the images to keep. Each half of them is judged by a network that was trained on
// the other half: an image is left out if the network contradicts its label with a confidence of
// 0.9 or more (after Northcutt et al. 2021).
std::vector<int> find_clean(const Data& data, const Run& run) {
  std::vector<int> halves[2], clean;
  for (int i = 0; i < data.train.size(); ++i) halves[i % 2].push_back(i);
  for (int half = 0; half < 2; ++half) {
    const Dataset mine = subset(data.train, halves[half]),
                  other = subset(data.train, halves[1 - half]);
    Classifier judge({256}, run.seed + 100);
    train(judge, other, cross_entropy(), {.epochs = epochs_of(run, 6)}, run.seed + 100);
    const Predictions p = predict_all(judge, mine);
    const std::vector<double> confidence = p.confidences();
    const std::vector<bool> correct = p.correct();
    for (std::size_t i = 0; i < confidence.size(); ++i)
      if (correct[i] || confidence[i] < 0.9) clean.push_back(halves[half][i]);
  }
  std::ranges::sort(clean);
  return clean;
}

void train_clean(const Run& run, const Arm& arm, Data& data, Result& result) {
  const std::vector<int> clean = find_clean(data, run);
  result.numbers["left_out"] = data.train.size() - static_cast<double>(clean.size());
  data.train = subset(data.train, clean);
  Classifier model({256}, run.seed);
  train(model, data.train, cross_entropy(arm.smoothing), {.epochs = epochs_of(run, 15)}, run.seed);
  measure(model, data, result);
}
}  // namespace

Experiment clean_experiment() {
  return {
      .studies = {{.name = "clean",
                   .what = "784-256-10, 15 epochs, without the training images that two networks "
                           "find mislabelled",
                   .arms = {hard(), smooth(0.1)},
                   .seconds = 15,
                   .train = train_clean}},
      .claims = {
          {.name = "clean-data",
           .statement = "On clean data hard targets are often the better choice.",
           .literature = "No test of it found.",
           .prediction = "No difference.",
           .treatment = {smooth(0.1), "error"},
           .reference = {hard(), "error"},
           .more_supports = true},
      }};
}
}  // namespace temper::lab
