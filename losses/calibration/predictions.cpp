// What a model says about a data set.
#include "predictions.h"

#include <algorithm>
#include <cmath>

namespace temper {
Tensor Predictions::tensor() const {  // a tensor cannot say const
  return {.shape = {size(), classes}, .data = const_cast<Real*>(logits.data())};
}

void Predictions::check(const char* caller, bool true_labels) const {
  require(!labels.empty(), caller, ": there are no predictions");
  require(logits.size() == labels.size() * static_cast<std::size_t>(classes), caller, ": ",
          logits.size(), " logits, expected ", size(), " rows of ", classes);
  check_softmax(caller, tensor());
  if (true_labels) check_labels(caller, labels, classes, "logits");
}

Metrics Predictions::metrics() const {
  check("metrics");
  Metrics metrics;
  metrics.add(tensor(), labels);
  return metrics;
}

Predictions::Top Predictions::top(std::size_t row) const {
  const auto n = static_cast<std::size_t>(classes);
  const Real* z = logits.data() + row * n;
  const Real* max = std::max_element(z, z + n);
  double rest = 0;
  for (const Real* other = z; other < z + n; ++other)
    if (other != max) rest += std::exp(double{*other} - double{*max});
  return {static_cast<int>(max - z), double{*max}, rest};
}

std::vector<double> Predictions::probabilities(std::size_t row) const {
  const Top t = top(row);
  std::vector<double> p(static_cast<std::size_t>(classes));
  for (std::size_t c = 0; c < p.size(); ++c)
    p[c] = std::exp(double{logits[row * p.size() + c]} - t.max) / (1 + t.rest);
  return p;
}

std::vector<double> Predictions::confidences() const {
  std::vector<double> confidences(labels.size());
  for (std::size_t r = 0; r < labels.size(); ++r) confidences[r] = 1 / (1 + top(r).rest);
  return confidences;
}

std::vector<bool> Predictions::correct() const {
  std::vector<bool> correct(labels.size());
  for (std::size_t r = 0; r < labels.size(); ++r) correct[r] = top(r).prediction == labels[r];
  return correct;
}
}  // namespace temper
