#include "imbalance.h"

#include <algorithm>
#include <cmath>

#include "../training/measure.h"
#include "experiments.h"

namespace temper::lab {
std::vector<int> long_tail(Labels labels, int classes, double ratio, std::uint64_t seed) {
  constexpr const char* op = "long_tail";
  require(classes > 1, op, ": at least 2 classes are needed, got ", classes);
  require(ratio >= 1 && std::isfinite(ratio), op, ": ratio must be finite and >= 1, got ", ratio);
  check_labels(op, labels, classes);
  std::vector<std::vector<int>> samples(static_cast<std::size_t>(classes));
  for (std::size_t i = 0; i < labels.size(); ++i)
    samples[static_cast<std::size_t>(labels[i])].push_back(static_cast<int>(i));
  const auto rarest = std::ranges::min_element(samples, {}, std::ranges::size);
  const auto most = static_cast<double>(rarest->size());
  require(most >= ratio, op, ": class ", rarest - samples.begin(), " has ", most,
          " samples, too few for a ratio of ", ratio);
  Rng rng(seed);
  std::vector<int> kept;
  for (int c = 0; c < classes; ++c) {
    std::vector<int>& of_class = samples[static_cast<std::size_t>(c)];
    rng.shuffle(std::span(of_class));
    const double share = std::pow(ratio, -static_cast<double>(c) / (classes - 1));
    kept.insert(kept.end(), of_class.begin(), of_class.begin() + std::lround(most * share));
  }
  std::ranges::sort(kept);
  return kept;
}

namespace {
void train_imbalance(const Run& run, const Arm& arm, Data& data, Result& result) {
  data.train = subset(data.train, long_tail(data.train.labels, 10, 100, run.seed));
  std::vector<Real> shares(10), weights(10);
  for (const int label : data.train.labels)
    shares[static_cast<std::size_t>(label)] += Real(1) / static_cast<Real>(data.train.size());
  for (std::size_t c = 0; c < 10; ++c) weights[c] = Real(0.1) / shares[c];

  Classifier model({256}, run.seed);
  std::vector<Real> by_class;  // smoothing from 0.3 for the most frequent class to 0 for the rarest
  for (int c = 0; c < 10; ++c) {
    const std::vector<Real> matrix = smoothing_matrix(10, 0.3 * (9 - c) / 9);
    by_class.insert(by_class.end(), matrix.begin() + 10 * c, matrix.begin() + 10 * (c + 1));
  }
  const auto step = [&](Layer& network, Tensor inputs, const Batch& batch) {
    CrossEntropyOptions options{.label_smoothing = arm.smoothing};
    if (arm.remedy == Remedy::class_prior) options.smoothing_prior = shares;
    if (arm.remedy == Remedy::class_weights) options.class_weights = weights;
    if (arm.remedy == Remedy::class_smoothing) options.target_matrix = by_class;
    return softmax_cross_entropy(network.forward(inputs), batch.labels, options);
  };
  train(model, data.train, step, {.epochs = epochs_of(run, 30)}, run.seed);
  measure(model, data, result);
  const Metrics metrics = predict_all(model, data.test).metrics();
  result.numbers["tail_recall"] =
      recall(metrics, 7) / 3 + recall(metrics, 8) / 3 + recall(metrics, 9) / 3;
}
}  // namespace

Experiment imbalance_experiment() {
  return {
      .studies = {{.name = "imbalance",
                   .what = "784-256-10, 30 epochs; the classes 0 to 9 from all to a hundredth "
                           "of their images, the test set balanced; aware: smoothing from 0.3 "
                           "for the most frequent class to 0 for the rarest (after Zhong 2021)",
                   .arms = {hard(),
                            smooth(0.1),
                            {.name = "prior 0.1",
                             .smoothing = 0.1,
                             .remedy = Remedy::class_prior,
                             .most_seeds = 5},
                            {.name = "aware", .remedy = Remedy::class_smoothing, .most_seeds = 5},
                            {.name = "weights", .remedy = Remedy::class_weights, .most_seeds = 5}},
                   .seconds = 5,
                   .train = train_imbalance}},
      .claims = {
          {.name = "imbalance",
           .statement = "Label smoothing helps with imbalanced classes.",
           .literature = "Not by itself: smoothing must know the classes (MiSLAS, Zhong 2021).",
           .prediction = "No difference to 1 point of balanced error.",
           .treatment = {smooth(0.1), "error"},
           .reference = {hard(), "error"},
           .more_supports = false},
      }};
}
}  // namespace temper::lab
