// Scores of rows, and how well they rank.
#include "ranking.h"

#include <functional>
#include <numeric>

namespace temper {
// f(softmax, logits) of every row.
static std::vector<double> scores_of(const char* caller, const Predictions& p, auto f) {
  p.check(caller, false);
  std::vector<double> scores;
  for (std::size_t r = 0; r < p.labels.size(); ++r) scores.push_back(f(p.top(r), p.row(r)));
  return scores;
}

static void check_scores(const char* caller, std::span<const double> scores) {
  require(!scores.empty(), caller, ": there are no scores");
  require(std::ranges::none_of(scores, [](double s) { return std::isnan(s); }), caller,
          ": a score is NaN");
}

// The smallest k of 1 … n with k / n >= share.
static std::size_t count_of(const char* caller, double share, std::size_t n) {
  require(share > 0 && share <= 1, caller, ": a share of ", share, ", expected one in (0, 1]");
  const auto k = static_cast<std::size_t>(share * static_cast<double>(n));  // or one less
  return static_cast<double>(k) / static_cast<double>(n) >= share ? k : k + 1;
}

std::vector<double> max_softmax(const Predictions& p) {
  return scores_of("max_softmax", p, [](auto top, auto) { return top.confidence(); });
}

std::vector<double> negative_entropy(const Predictions& p) {
  return scores_of("negative_entropy", p, [](auto top, auto logits) {
    double sum = 0;
    for (const Real z : logits) {
      const double log_p = double{z} - top.max - std::log1p(top.rest);
      if (std::isfinite(log_p)) sum += std::exp(log_p) * log_p;  // 0 log 0 = 0
    }
    return sum;
  });
}

std::vector<double> max_logit(const Predictions& p) {
  return scores_of("max_logit", p, [](auto top, auto) { return top.max; });
}

std::vector<double> energy(const Predictions& p) {
  return scores_of("energy", p, [](auto top, auto) { return top.max + std::log1p(top.rest); });
}

double auroc(std::span<const double> positives, std::span<const double> negatives) {
  check_scores("auroc", positives);
  check_scores("auroc", negatives);
  std::vector<double> sorted(negatives.begin(), negatives.end());
  std::ranges::sort(sorted);
  double twice = 0;
  for (const double score : positives) {
    const auto [below, above] = std::equal_range(sorted.begin(), sorted.end(), score);
    twice += static_cast<double>((below - sorted.begin()) + (above - sorted.begin()));
  }
  return twice / 2 / static_cast<double>(positives.size()) / static_cast<double>(sorted.size());
}

double auroc(const Predictions& p, std::span<const double> scores) {
  p.check("auroc");
  require(scores.size() == p.labels.size(), "auroc: ", p.size(), " predictions but ", scores.size(),
          " scores");
  const std::vector<bool> correct = p.correct();
  std::vector<double> right, wrong;
  for (std::size_t r = 0; r < scores.size(); ++r) (correct[r] ? right : wrong).push_back(scores[r]);
  require(!right.empty() && !wrong.empty(), "auroc: all predictions are ",
          wrong.empty() ? "right" : "wrong");
  return auroc(right, wrong);
}

double false_positive_rate_at(std::span<const double> positives, std::span<const double> negatives,
                              double true_positive_rate) {
  const char* caller = "false_positive_rate_at";
  check_scores(caller, positives);
  check_scores(caller, negatives);
  std::vector<double> sorted(positives.begin(), positives.end());
  std::ranges::sort(sorted, std::greater());
  const double threshold = sorted[count_of(caller, true_positive_rate, sorted.size()) - 1];
  const auto above = std::ranges::count_if(negatives, [=](double s) { return s >= threshold; });
  return static_cast<double>(above) / static_cast<double>(negatives.size());
}

std::vector<double> ordered_by(std::span<const double> scores, std::span<const double> values) {
  check_scores("ordered_by", scores);
  require(scores.size() == values.size(), "ordered_by: ", scores.size(), " scores but ",
          values.size(), " values");
  const std::size_t n = scores.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, std::greater(), [=](std::size_t i) { return scores[i]; });
  std::vector<double> ordered;
  while (ordered.size() < n) {
    std::size_t end = ordered.size();
    double sum = 0;
    for (; end < n && scores[order[end]] == scores[order[ordered.size()]]; ++end)
      sum += values[order[end]];
    ordered.resize(end, sum / static_cast<double>(end - ordered.size()));
  }
  return ordered;
}

std::vector<double> risk_coverage(const Predictions& p, std::span<const double> scores) {
  p.check("risk_coverage");
  std::vector<double> errors;
  for (const bool correct : p.correct()) errors.push_back(correct ? 0 : 1);
  errors = ordered_by(scores, errors);
  double sum = 0, count = 0;
  for (double& risk : errors) risk = (sum += risk) / ++count;
  return errors;
}

double aurc(std::span<const double> curve) {
  check_scores("aurc", curve);
  return std::accumulate(curve.begin(), curve.end(), 0.0) / static_cast<double>(curve.size());
}

double risk_at(std::span<const double> curve, double coverage) {
  check_scores("risk_at", curve);
  return curve[count_of("risk_at", coverage, curve.size()) - 1];
}
}  // namespace temper
