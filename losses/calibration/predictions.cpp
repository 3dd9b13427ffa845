#include "predictions.h"

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

RowSoftmax Predictions::top(std::size_t row) const {
  std::vector<double> exponentials;
  return row_softmax(tensor(), row, exponentials);
}

std::vector<double> Predictions::probabilities(std::size_t row) const {
  std::vector<double> p;
  const double sum = 1 + row_softmax(tensor(), row, p).rest;
  for (double& x : p) x /= sum;
  return p;
}

std::vector<double> Predictions::confidences() const {
  std::vector<double> confidences;
  for (std::size_t r = 0; r < labels.size(); ++r) confidences.push_back(top(r).confidence());
  return confidences;
}

std::vector<bool> Predictions::correct() const {
  std::vector<bool> correct;
  for (std::size_t r = 0; r < labels.size(); ++r) correct.push_back(top(r).prediction == labels[r]);
  return correct;
}
}  // namespace temper
