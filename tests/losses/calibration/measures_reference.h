// Made-up predictions, and what other libraries say of some.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/random.h"
#include "losses/calibration/predictions.h"

namespace temper {
// Logits of -4 to 4 times the scale, the same in float and in double for a scale that is a power of
// 2; six labels of ten are the prediction, the others any. As in measures_reference.py.
inline Predictions made_up(std::uint64_t seed, std::size_t n, int classes, double scale = 1) {
  Predictions p{.classes = classes};
  const std::size_t numbers = n * static_cast<std::size_t>(classes);
  for (std::size_t i = 0; i < numbers; ++i)
    p.logits.push_back(static_cast<Real>(
        (static_cast<double>(random_bits(seed, i) % 8388609) - 4194304) / 1048576 * scale));
  p.labels.resize(n);
  for (std::size_t r = 0; r < n; ++r) {
    const std::uint64_t bits = random_bits(seed, numbers + r);
    p.labels[r] = bits % 10 < 6 ? p.top(r).prediction
                                : static_cast<int>(bits / 10 % static_cast<std::uint64_t>(classes));
  }
  return p;
}

struct MeasuresReference {
  std::uint64_t seed;
  std::size_t n;
  int classes;
  double scale;
  std::map<std::string, std::vector<double>> values;

  Predictions predictions() const { return made_up(seed, n, classes, scale); }
};

inline const std::vector<MeasuresReference>& measures_references() {
  static const std::vector<MeasuresReference> references{
#include "measures_reference.inc"
  };
  return references;
}

// Labels drawn from the softmax of normal logits of a standard deviation, a share of them replaced
// by any; the logits then times a scale, as of a model that is over- or under-confident.
inline Predictions drawn(int n, int classes, double sharpness, double noise, double scale) {
  Rng rng(77);
  Predictions p{.classes = classes};
  for (int r = 0; r < n; ++r) {
    for (int c = 0; c < classes; ++c)
      p.logits.push_back(static_cast<Real>(sharpness * rng.normal()));
    p.labels.push_back(0);
    const auto row = static_cast<std::size_t>(r);
    double left = rng.uniform();
    const std::vector<double> shares = p.probabilities(row);
    while (p.labels[row] + 1 < classes &&
           (left -= shares[static_cast<std::size_t>(p.labels[row])]) >= 0)
      ++p.labels[row];
    if (rng.uniform() < noise)
      p.labels[row] = static_cast<int>(rng.below(static_cast<std::uint64_t>(classes)));
  }
  for (Real& z : p.logits) z *= static_cast<Real>(scale);
  return p;
}

// Predictions with logits of all sizes, few rows, a class that does not occur, no errors, or one
// class only.
inline std::vector<Predictions> hard_to_fit() {
  std::vector<Predictions> all;
  for (const double scale : {0.01, 1.0, 30.0}) {
    all.push_back(drawn(500, 6, 2, 0.1, scale));
    all.push_back(drawn(500, 3, 8, 0, scale));
    all.push_back(drawn(20, 6, 4, 0, scale));  // fewer rows than numbers to find, almost
  }
  Predictions absent = drawn(300, 4, 1, 0, 1);
  for (int& label : absent.labels) label %= 3;
  all.push_back(absent);
  Predictions right = drawn(300, 4, 1, 0, 1);
  for (std::size_t r = 0; r < 300; ++r) right.labels[r] = right.top(r).prediction;
  all.push_back(right);
  all.push_back({.classes = 2, .logits = {0, 0, 0, 0}, .labels = {0, 0}});
  all.push_back({.classes = 1, .logits = {3, 4}, .labels = {0, 0}});
  return all;
}

// Predictions with the given probabilities.
inline Predictions with_probabilities(int classes, std::initializer_list<double> probabilities,
                                      std::vector<int> labels) {
  Predictions p{.classes = classes, .labels = std::move(labels)};
  for (const double x : probabilities) p.logits.push_back(static_cast<Real>(std::log(x)));
  return p;
}
}  // namespace temper
