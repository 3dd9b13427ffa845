// Metrics of classification and of calibration.
#include "metrics.h"

#include <cmath>

#include "distribution.h"

namespace temper {
std::size_t bin_of(double probability, std::size_t bins) {
  const double edge = std::ceil(probability * static_cast<double>(bins)) - 1;
  return static_cast<std::size_t>(std::max(edge, 0.0));
}

RowSoftmax row_softmax(Tensor logits, std::size_t row, std::vector<double>& exponentials) {
  const std::size_t classes = logits.shape.columns();
  const Real *z = logits.data + row * classes, *largest = std::max_element(z, z + classes);
  RowSoftmax result{static_cast<int>(largest - z), double{*largest}, 0};
  exponentials.resize(classes);
  for (std::size_t c = 0; c < classes; ++c) {
    exponentials[c] = std::exp(double{z[c]} - result.max);
    if (z + c != largest) result.rest += exponentials[c];
  }
  return result;
}

void check_softmax(const char* caller, Tensor logits) {
  if (logits.tape != nullptr) logits.tape->check(logits);
  check_logits(caller, logits.shape);
  for (std::size_t r = 0; r < logits.shape.rows(); ++r) {
    const auto row = logits.values().subspan(r * logits.shape.columns(), logits.shape.columns());
    require(std::isfinite(*std::ranges::max_element(row)) &&
                std::ranges::none_of(row, [](Real z) { return std::isnan(z); }),
            caller, ": row ", r, " of the logits has no softmax: it has NaN, inf, or only -inf");
  }
}

void Metrics::add(Tensor logits, Labels labels) {
  check_softmax("metrics", logits);
  const std::size_t n = logits.shape.rows(), classes = logits.shape.columns();
  require(labels.size() == n, "metrics: ", n, " rows of logits but ", labels.size(), " labels");
  check_labels("metrics", labels, logits.shape[1], "logits");
  require(classes_ == 0 || classes == classes_, "metrics: ", classes, " classes, before it were ",
          classes_);

  classes_ = classes;
  ranks_.resize(classes);
  std::vector<double> e;
  for (std::size_t r = 0; r < n; ++r) {
    const Real* z = logits.data + r * classes;
    const auto label = static_cast<std::size_t>(labels[r]);
    const RowSoftmax row = row_softmax(logits, r, e);
    std::size_t rank = 0;
    double squares = 0;  // without the label: nothing cancels
    for (std::size_t c = 0; c < classes; ++c) {
      if (c != label) squares += e[c] * e[c];
      if (z[c] > z[label] || (z[c] == z[label] && c < label)) ++rank;
    }
    const bool correct = row.prediction == labels[r];
    const double sum = 1 + row.rest, confidence = row.confidence();
    const double miss = correct ? row.rest / sum : 1 - e[label] / sum;  // 1 - p_y

    ++count_;
    ++ranks_[rank];
    ++confusion_[{labels[r], row.prediction}];
    nll_ += std::log1p(row.rest) + (row.max - double{z[label]});
    brier_ += squares / (sum * sum) + miss * miss;
    confidence_ += confidence;
    Bin& bin = bins_[bin_of(confidence, bins_.size())];
    ++bin.count;
    bin.correct += correct;
    bin.confidence += confidence;
  }
}

double Metrics::top(int k) const {
  require(k >= 1, "metrics: top(", k, "), expected at least 1");
  std::int64_t hits = 0;
  for (std::size_t r = 0; r < std::min(ranks_.size(), static_cast<std::size_t>(k)); ++r)
    hits += ranks_[r];
  return mean(static_cast<double>(hits));
}

double Metrics::ece() const {
  double sum = 0;
  for (const Bin& bin : bins_) sum += std::abs(bin.confidence - static_cast<double>(bin.correct));
  return mean(sum);
}

std::vector<std::vector<std::int64_t>> Metrics::confusion() const {
  require(count_ > 0, "metrics: nothing was added yet");
  std::vector counts(classes_, std::vector<std::int64_t>(classes_));
  for (const auto& [where, count] : confusion_)
    counts[static_cast<std::size_t>(where.first)][static_cast<std::size_t>(where.second)] = count;
  return counts;
}
}  // namespace temper
