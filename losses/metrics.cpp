// Metrics of classification and of calibration.
#include "metrics.h"

#include <numeric>

#include "calibration/predictions.h"

namespace temper {
std::size_t bin_of(double probability, std::size_t bins) {
  const double edge = std::ceil(probability * static_cast<double>(bins)) - 1;
  return static_cast<std::size_t>(std::max(edge, 0.0));
}

RowSoftmax row_softmax(std::span<const Real> z, std::vector<double>& exponentials) {
  const auto largest = std::ranges::max_element(z);
  RowSoftmax result{static_cast<int>(largest - z.begin()), double{*largest}, 0};
  exponentials.resize(z.size());
  for (std::size_t c = 0; c < z.size(); ++c) {
    exponentials[c] = std::exp(double{z[c]} - result.max);
    if (z.begin() + static_cast<std::ptrdiff_t>(c) != largest) result.rest += exponentials[c];
  }
  return result;
}

void Metrics::add(Tensor logits, Labels labels) {
  Predictions p{.classes = static_cast<int>(ranks_.size())};
  p.add("metrics", logits, labels, ignore_index_);
  if (p.size() > 0) p.check("metrics", false);
  check_labels("metrics", labels, p.classes, "logits", ignore_index_);

  ranks_.resize(static_cast<std::size_t>(p.classes));
  std::vector<double> e;
  for (std::size_t r = 0; r < p.labels.size(); ++r) {
    const std::span<const Real> z = p.row(r);
    const auto label = static_cast<std::size_t>(p.labels[r]);
    const RowSoftmax row = row_softmax(z, e);
    std::size_t rank = 0;
    double squares = 0;  // without the label: nothing cancels
    for (std::size_t c = 0; c < z.size(); ++c) {
      if (c != label) squares += e[c] * e[c];
      if (z[c] > z[label] || (z[c] == z[label] && c < label)) ++rank;
    }
    const bool correct = row.prediction == p.labels[r];
    const double sum = 1 + row.rest, confidence = row.confidence();
    const double miss = correct ? row.rest / sum : 1 - e[label] / sum;  // 1 - p_y

    ++count_;
    ++ranks_[rank];
    ++confusion_[{p.labels[r], row.prediction}];
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
  const auto end = ranks_.begin() + std::min(std::ptrdiff_t{k}, std::ssize(ranks_));
  return mean(std::accumulate(ranks_.begin(), end, 0.0));  // of whole numbers: exact
}

double Metrics::ece() const {
  double sum = 0;
  for (const Bin& bin : bins_) sum += bin.gap();
  return mean(sum);
}

std::vector<std::vector<std::int64_t>> Metrics::confusion() const {
  require(count_ > 0, "metrics: nothing was added yet");
  std::vector counts(ranks_.size(), std::vector<std::int64_t>(ranks_.size()));
  for (const auto& [where, count] : confusion_)
    counts[static_cast<std::size_t>(where.first)][static_cast<std::size_t>(where.second)] = count;
  return counts;
}
}  // namespace temper
