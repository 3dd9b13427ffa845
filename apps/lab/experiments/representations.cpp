// What the last hidden layer knows: a network is trained on five classes, then a linear probe has
// to tell the five others apart by its features.
#include <cmath>

#include "../training/measure.h"
#include "experiments.h"
#include "separation.h"

namespace temper::lab {
namespace {
Dataset of_classes(const Dataset& data, int first) {
  Dataset part = select(data, [=](int label) { return label >= first && label < first + 5; });
  for (int& label : part.labels) label -= first;
  part.classes = 5;
  return part;
}

// The features of the images, as a data set of numbers.
Dataset features(Classifier& model, const Dataset& data) {
  Predictions p = predict_all(model.body, data);
  return {.sample = {p.classes}, .numbers = std::move(p.logits), .labels = p.labels, .classes = 5};
}

// Features on the plane through the three weight rows of classes 0, 1 and 2 (Müller et al. 2019).
void project(const Classifier& model, const Dataset& data, Result& result) {
  const Tensor w = model.head.parameters()[0].tensor;
  const std::size_t d = w.shape.columns();
  std::vector<double> axis[2];
  for (std::size_t a = 0; a < 2; ++a) {
    for (std::size_t i = 0; i < d; ++i)
      axis[a].push_back(double{w.data[(a + 1) * d + i]} - double{w.data[i]});
    double along = 0, length = 0;
    if (a == 1)
      for (std::size_t i = 0; i < d; ++i) along += axis[0][i] * axis[1][i];
    for (std::size_t i = 0; i < d; ++i) {
      if (a == 1) axis[1][i] -= along * axis[0][i];
      length += axis[a][i] * axis[a][i];
    }
    for (double& x : axis[a]) x /= std::sqrt(length);
  }
  int left[3] = {100, 100, 100};
  for (std::size_t n = 0; n < data.labels.size(); ++n) {
    const int label = data.labels[n];
    if (label > 2 || left[label]-- <= 0) continue;
    double place[2] = {};
    for (std::size_t i = 0; i < d; ++i)
      for (std::size_t a = 0; a < 2; ++a) place[a] += axis[a][i] * double{data.numbers[n * d + i]};
    result.series["projection_x"].push_back(place[0]);
    result.series["projection_y"].push_back(place[1]);
    result.series["projection_class"].push_back(label);
  }
}

void train_representations(const Run& run, const Arm& arm, Data& data, Result& result) {
  Classifier model({256}, run.seed, 0, fan_in_uniform(), 5);
  const Dataset first = of_classes(data.train, 0);
  train(model, first, cross_entropy(arm.smoothing), {.epochs = epochs_of(run, 15)}, run.seed);

  const Dataset known_images = of_classes(data.test, 0), known = features(model, known_images);
  result.numbers["separation"] = class_separation(
      {.shape = {known.size(), known.sample[0]}, .data = const_cast<Real*>(known.numbers.data())},
      known.labels);
  project(model, known, result);

  const Dataset others = features(model, of_classes(data.train, 5)),
                unseen = features(model, of_classes(data.test, 5));
  Rng rng(run.seed);
  Sequential probe{BatchNorm1d(others.sample[0]), Linear(others.sample[0], 5, rng)};
  train(probe, others, cross_entropy(), {.epochs = epochs_of(run, 15), .cosine = true}, run.seed);
  result.numbers["probe_error"] = error_on(probe, unseen);
  result.numbers["error"] = error_on(model, known_images);
}
}  // namespace

Experiment representations_experiment() {
  return {.studies = {{.name = "representations",
                       .what = "784-256-5 on classes 0 to 4, 15 epochs; then a linear probe for "
                               "classes 5 to 9 on its features",
                       .arms = {hard(), smooth(0.1)},
                       .seconds = 6,
                       .train = train_representations}},
          .claims = {
              {.name = "representations",
               .statement = "Label smoothing leads to more nuanced representations.",
               .literature = "Tighter clusters (Müller 2019) that transfer worse (Kornblith 2021).",
               .prediction = "Reversed: the error of the probe grows.",
               .treatment = {smooth(0.1), "probe_error"},
               .reference = {hard(), "probe_error"},
               .more_supports = false},
          }};
}
}  // namespace temper::lab
