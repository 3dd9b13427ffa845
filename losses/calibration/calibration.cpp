// Errors of calibration over bins, and what they would be for a perfect model.
#include "calibration.h"

#include <numeric>

#include "../../core/parallel.h"
#include "../../core/random.h"
#include "ranking.h"

namespace temper {
namespace {
std::size_t check(const char* caller, const Predictions& p, int bins) {
  p.check(caller);
  require(bins >= 1, caller, ": ", bins, " bins, expected at least 1");
  return static_cast<std::size_t>(bins);
}

// Sums over the probabilities of one class that are in one bin.
struct ClassBin {
  double count = 0, p = 0, t = 0, pp = 0, pt = 0;
};

std::vector<ClassBin> class_bins(const Predictions& p, std::size_t bins) {  // [C, bins]
  std::vector<ClassBin> sums(static_cast<std::size_t>(p.classes) * bins);
  for (std::size_t r = 0; r < p.labels.size(); ++r) {
    const std::vector<double> row = p.probabilities(r);
    for (std::size_t c = 0; c < row.size(); ++c) {
      ClassBin& sum = sums[c * bins + bin_of(row[c], bins)];
      const double t = c == static_cast<std::size_t>(p.labels[r]) ? 1 : 0;
      ++sum.count;
      sum.p += row[c];
      sum.t += t;
      sum.pp += row[c] * row[c];
      sum.pt += row[c] * t;
    }
  }
  return sums;
}
}  // namespace

double adaptive_ece(const Predictions& p, int bins) {
  const std::size_t count = check("adaptive_ece", p, bins), n = p.labels.size();
  const std::vector<double> confidences = p.confidences();
  std::vector<double> gaps = confidences;  // less 1 where the prediction is right
  for (std::size_t r = 0; r < n; ++r) gaps[r] -= p.top(r).prediction == p.labels[r];
  gaps = ordered_by(confidences, gaps);
  double sum = 0;
  for (std::size_t b = 0, r = 0; b < count; ++b) {
    double gap = 0;
    while (r < (b + 1) * n / count) gap += gaps[r++];
    sum += std::abs(gap);
  }
  return sum / static_cast<double>(n);
}

double classwise_ece(const Predictions& p, int bins) {
  const std::size_t count = check("classwise_ece", p, bins);
  double sum = 0;
  for (const ClassBin& bin : class_bins(p, count)) sum += std::abs(bin.p - bin.t);
  return sum / (static_cast<double>(p.size()) * p.classes);
}

double maximum_calibration_error(const Predictions& p, int bins, int least) {
  const char* caller = "maximum_calibration_error";
  check(caller, p, bins);
  require(least >= 1, caller, ": bins of ", least, " rows, expected at least 1");
  const Metrics metrics = p.metrics(bins);
  double max = -1;
  for (const Metrics::Bin& bin : metrics.bins())
    if (bin.count >= least) max = std::max(max, bin.gap() / static_cast<double>(bin.count));
  require(max >= 0, caller, ": no bin has ", least, " rows");
  return max;
}

Band ece_of_perfect_model(const Predictions& p, int resamples, std::uint64_t seed, int bin_count) {
  require(resamples >= 1, "ece_of_perfect_model: ", resamples, " resamples, expected at least 1");
  struct PerfectBin {
    double confidence = 0;
    std::vector<std::int64_t> limits = {};  // correct if 53 random bits are below
  };
  std::vector<PerfectBin> bins(check("ece_of_perfect_model", p, bin_count));
  for (const double confidence : p.confidences()) {
    PerfectBin& bin = bins[bin_of(confidence, bins.size())];
    bin.confidence += confidence;
    bin.limits.push_back(static_cast<std::int64_t>(std::ceil(confidence * 0x1p53)));
  }
  const std::size_t n = p.labels.size();
  std::vector<double> errors(static_cast<std::size_t>(resamples));
  for_each_row(errors.size(), n, [&](std::size_t sample) {
    std::uint64_t first = sample * n;
    double sum = 0;
    for (const PerfectBin& bin : bins) {
      const auto draw = [=, limits = bin.limits.data()](std::size_t i) -> std::int64_t {
        return static_cast<std::int64_t>(random_bits(seed, first + i) >> 11) < limits[i];
      };
      sum += std::abs(bin.confidence - static_cast<double>(sum_range(0, bin.limits.size(), draw)));
      first += bin.limits.size();
    }
    errors[sample] = sum / static_cast<double>(n);
  });
  std::ranges::sort(errors);
  const auto rank = [&](std::size_t k) { return errors[(errors.size() * k + 999) / 1000 - 1]; };
  return {std::accumulate(errors.begin(), errors.end(), 0.0) / resamples, rank(25), rank(975)};
}

BrierParts brier_decomposition(const Predictions& p, int bins) {
  const std::size_t count = check("brier_decomposition", p, bins);
  const std::vector<ClassBin> sums = class_bins(p, count);
  const double n = p.size();
  BrierParts parts;
  for (std::size_t first = 0; first < sums.size(); first += count) {
    const auto of_class = std::span(sums).subspan(first, count);
    double share = 0;
    for (const ClassBin& b : of_class) share += b.t;
    share /= n;
    parts.uncertainty += share * (1 - share);
    for (const ClassBin& b : of_class) {
      if (b.count == 0) continue;
      const double forecast = b.p / b.count, outcome = b.t / b.count;
      parts.reliability += b.count * (forecast - outcome) * (forecast - outcome) / n;
      parts.resolution += b.count * (outcome - share) * (outcome - share) / n;
      parts.within += (b.pp - b.p * forecast - 2 * (b.pt - b.p * outcome)) / n;
    }
  }
  return parts;
}
}  // namespace temper
