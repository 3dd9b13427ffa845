// Made-up predictions, and what other libraries say of them.
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

// Predictions with the given probabilities.
inline Predictions with_probabilities(int classes, std::initializer_list<double> probabilities,
                                      std::vector<int> labels) {
  Predictions p{.classes = classes, .labels = std::move(labels)};
  for (const double x : probabilities) p.logits.push_back(static_cast<Real>(std::log(x)));
  return p;
}
}  // namespace temper
