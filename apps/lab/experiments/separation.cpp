#include "separation.h"

#include <cmath>
#include <map>
#include <vector>

namespace temper::lab {
double class_separation(Tensor features, Labels labels) {
  if (features.tape != nullptr) features.tape->check(features);
  require(features.shape.rank() == 2, "class_separation: features must be [n, d], they are ",
          features.shape);
  const std::size_t n = features.shape.rows(), d = features.shape.columns();
  require(n > 0 && labels.size() == n, "class_separation: ", n, " rows of features and ",
          labels.size(), " labels, expected as many and at least 1");

  struct Directions {
    double count = 0;
    std::vector<double> sum;
  };
  std::map<int, Directions> classes;
  for (std::size_t r = 0; r < n; ++r) {
    const auto row = features.values().subspan(r * d, d);
    double squares = 0;
    for (const Real x : row) squares += double{x} * double{x};
    const double length = std::sqrt(squares);
    require(length > 0 && std::isfinite(length), "class_separation: row ", r,
            " of the features has no direction: its length is ", length);
    Directions& own = classes[labels[r]];
    ++own.count;
    own.sum.resize(d);
    for (std::size_t i = 0; i < d; ++i) own.sum[i] += double{row[i]} / length;
  }

  // The mean of cos over all pairs of two sets of directions is the product of their means.
  double within = 0;
  std::vector<double> overall(d);
  for (const auto& [label, directions] : classes) {
    for (std::size_t i = 0; i < d; ++i) {
      const double mean = directions.sum[i] / directions.count;
      within += mean * mean;
      overall[i] += mean;
    }
  }
  const auto count = static_cast<double>(classes.size());
  double square = 0;
  for (const double x : overall) square += x / count * (x / count);
  require(1 - square > 1e-12, "class_separation: all features point the same way");
  return 1 - (1 - within / count) / (1 - square);
}
}  // namespace temper::lab
