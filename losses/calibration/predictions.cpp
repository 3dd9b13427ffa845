#include "predictions.h"

#include "../distribution.h"

namespace temper {
void Predictions::add(const char* caller, Tensor z, Labels truth, std::optional<int> ignore_index) {
  if (z.tape != nullptr) z.tape->check(z);
  require(z.shape.rank() >= 2 && z.shape[1] > 0 && (classes == 0 || z.shape[1] == classes), caller,
          ": logits must be [n, classes] or [n, classes, pixels…], ",
          "as many classes each time, they are ", z.shape);
  const std::size_t n = z.shape.without(1).size(), image = z.shape.without(0).size();
  require(truth.size() == n, caller, ": ", n, " rows of logits but ", truth.size(), " labels");
  classes = z.shape[1];
  const std::size_t pixels = image / static_cast<std::size_t>(classes);
  for (std::size_t r = 0; r < n; ++r) {
    if (truth[r] == ignore_index) continue;
    labels.push_back(truth[r]);
    for (std::size_t c = r % pixels; c < image; c += pixels)
      logits.push_back(z.data[r / pixels * image + c]);
  }
}

Tensor Predictions::tensor() const {  // a tensor cannot say const
  return {.shape = {std::ssize(labels), classes}, .data = const_cast<Real*>(logits.data())};
}

void Predictions::check(const char* caller, bool true_labels) const {
  require(!labels.empty(), caller, ": there are no predictions");
  require(classes > 0 && logits.size() == labels.size() * static_cast<std::size_t>(classes), caller,
          ": ", logits.size(), " logits, expected ", size(), " rows of ", classes);
  for (std::size_t r = 0; r < labels.size(); ++r)
    require(std::isfinite(*std::ranges::max_element(row(r))) &&
                std::ranges::none_of(row(r), [](Real z) { return std::isnan(z); }),
            caller, ": row ", r, " of the logits has no softmax: it has NaN, inf, or only -inf");
  if (true_labels) check_labels(caller, labels, classes, "logits");
}

Predictions from_probabilities(Predictions p) {
  p.check("from_probabilities", false);
  for (std::size_t r = 0; r < p.labels.size(); ++r)
    check_distribution("from_probabilities", p.row(r), "row ", r);
  for (Real& x : p.logits) x = std::log(x);
  return p;
}

Metrics Predictions::metrics(int bins) const {
  check("metrics");
  Metrics metrics({.bins = bins});
  metrics.add(tensor(), labels);
  return metrics;
}

RowSoftmax Predictions::top(std::size_t r) const {
  std::vector<double> exponentials;
  return row_softmax(row(r), exponentials);
}

std::vector<double> Predictions::probabilities(std::size_t r) const {
  std::vector<double> p;
  const double sum = 1 + row_softmax(row(r), p).rest;
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
