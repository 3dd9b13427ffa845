// Classes that are not equally frequent: 100 times as many images of 0 as of 9; the test set has
// all alike.
#include "../measure.h"
#include "experiments.h"

namespace temper::lab {
namespace {
void train_imbalance(const Run& run, Data& data, Result& result) {
  data.train = select(data.train, long_tail(data.train.labels, 10, 100, run.seed));
  std::vector<Real> shares(10), weights(10);
  for (const int label : data.train.labels)
    shares[static_cast<std::size_t>(label)] += Real(1) / static_cast<Real>(data.train.size());
  for (std::size_t c = 0; c < 10; ++c) weights[c] = Real(0.1) / shares[c];

  Classifier model({256}, run.seed);
  const double smoothing = number_of(run.arm);
  const bool prior = run.arm.starts_with("prior"), weighted = run.arm == "weights",
             aware = run.arm == "aware";
  std::vector<Real> by_class;  // smoothing from 0.3 for the most frequent class to 0 for the rarest
  for (int c = 0; c < 10; ++c) {
    const std::vector<Real> matrix = smoothing_matrix(10, 0.3 * (9 - c) / 9);
    by_class.insert(by_class.end(), matrix.begin() + 10 * c, matrix.begin() + 10 * (c + 1));
  }
  const auto step = [&](Layer& network, Tensor inputs, const Batch& batch) {
    CrossEntropyOptions options{.label_smoothing = smoothing};
    if (prior) options.smoothing_prior = shares;
    if (weighted) options.class_weights = weights;
    if (aware) options.target_matrix = by_class;
    return softmax_cross_entropy(network.forward(inputs), batch.labels, options);
  };
  train(model, data.train, step, {.epochs = epochs_of(run, 30)}, run.seed);
  measure(model, data, result);
  const auto confusion = predict_all(model, data.test).metrics().confusion();
  double recall = 0;
  for (std::size_t c = 7; c < 10; ++c) {
    double count = 0;
    for (const auto n : confusion[c]) count += static_cast<double>(n);
    recall += static_cast<double>(confusion[c][c]) / count / 3;
  }
  result.numbers["tail_recall"] = recall;
}
}  // namespace

Experiment imbalance_experiment() {
  const std::string study = "imbalance";
  const std::vector<std::string> both = {"mnist", "fashion-mnist"};
  return {.studies = {{.name = study,
                       .what = "784-256-10, 30 epochs; the classes 0 to 9 from all to a hundredth "
                               "of their images, the test set balanced; aware: smoothing from 0.3 "
                               "for the most frequent class to 0 for the rarest (after Zhong 2021)",
                       .datasets = both,
                       .arms = {"hard", "smooth 0.1", "prior 0.1", "aware", "weights"},
                       .seeds = 10,
                       .quick_seeds = 4,
                       .seconds = 5,
                       .train = train_imbalance,
                       .fewer_seeds = {{"prior 0.1", 5}, {"aware", 5}, {"weights", 5}}}},
          .claims = {
              {.name = "imbalance",
               .statement = "Label smoothing helps with imbalanced classes.",
               .literature = "Not by itself: smoothing must know the classes (MiSLAS, Zhong 2021).",
               .prediction = "No difference to 1 point of balanced error.",
               .study = study,
               .datasets = both,
               .treatment = {"smooth 0.1", "error"},
               .reference = {"hard", "error"},
               .unit = "points of error",
               .scale = 100,
               .more_supports = false},
          }};
}
}  // namespace temper::lab
