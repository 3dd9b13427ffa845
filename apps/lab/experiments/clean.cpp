// Clean data: training images that look mislabelled are left out before training.
#include "../measure.h"
#include "experiments.h"

namespace temper::lab {
namespace {
// The places of images whose label a network that never saw them does not contradict with
// confidence 0.9: each half is judged by a network trained on the other (after Northcutt et al.
// 2021).
std::vector<int> find_clean(const Data& data, const Run& run) {
  std::vector<int> halves[2], clean;
  for (int i = 0; i < data.train.size(); ++i) halves[i % 2].push_back(i);
  for (int half = 0; half < 2; ++half) {
    const Dataset mine = select(data.train, halves[half]),
                  other = select(data.train, halves[1 - half]);
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

void train_clean(const Run& run, Data& data, Result& result) {
  const std::vector<int> clean = find_clean(data, run);
  result.numbers["left_out"] = data.train.size() - static_cast<double>(clean.size());
  data.train = select(data.train, clean);
  Classifier model({256}, run.seed);
  train(model, data.train, cross_entropy(number_of(run.arm)), {.epochs = epochs_of(run, 15)},
        run.seed);
  measure(model, data, result);
}
}  // namespace

Experiment clean_experiment() {
  const std::string study = "clean";
  const std::vector<std::string> both = {"mnist", "fashion-mnist"};
  return {
      .studies = {{.name = study,
                   .what = "784-256-10, 15 epochs, without the training images that two networks "
                           "find mislabelled",
                   .datasets = both,
                   .arms = {"hard", "smooth 0.1"},
                   .seeds = 10,
                   .quick_seeds = 4,
                   .seconds = 15,
                   .train = train_clean}},
      .claims = {
          {.name = "clean-data",
           .statement = "On clean data hard targets are often the better choice.",
           .literature = "No test of it found.",
           .prediction = "No difference.",
           .study = study,
           .datasets = both,
           .treatment = {"smooth 0.1", "error"},
           .reference = {"hard", "error"},
           .unit = "points of error",
           .scale = 100,
           .more_supports = true},
      }};
}
}  // namespace temper::lab
