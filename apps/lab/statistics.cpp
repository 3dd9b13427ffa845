#include "statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <set>

namespace temper::lab {

namespace {
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// A number by seed, of one arm; NaN where the result lacks it. Seeds beyond the planned ones are
// not looked at (0: all are).
std::map<std::uint64_t, double> by_seed(const std::vector<Result>& results, const Claim& claim,
                                        const std::string& dataset, const Measure& measure,
                                        int planned) {
  std::map<std::uint64_t, double> values;
  for (const auto& [run, numbers, series, about] : results) {
    if (run.study != claim.study || run.dataset != dataset || run.arm != measure.arm) continue;
    if (planned > 0 && run.seed > static_cast<std::uint64_t>(planned)) continue;
    const auto found = numbers.find(measure.number);
    values.emplace(run.seed, found != numbers.end() ? claim.scale * found->second : nan);
  }
  return values;
}

Judgement compare(const std::vector<Result>& results, const Claim& claim,
                  const std::string& dataset, int planned, double level) {
  Judgement judgement;
  judgement.dataset = dataset;
  const auto reference = by_seed(results, claim, dataset, claim.reference, planned);
  for (const auto& [seed, value] : by_seed(results, claim, dataset, claim.treatment, planned)) {
    const auto other = reference.find(seed);
    if (other == reference.end()) continue;
    if (!std::isfinite(value) || !std::isfinite(other->second)) {
      ++judgement.left_out;
      continue;
    }
    judgement.seeds.push_back(seed);
    judgement.treatment.push_back(value);
    judgement.reference.push_back(other->second);
  }
  judgement.effect = compare_pairs(judgement.treatment, judgement.reference, level);
  return judgement;
}

// How many seeds the study of a claim shall have; 0 if it is not known.
int planned_seeds(const std::vector<Result>& results, const Claim& claim,
                  const std::vector<Study>& studies) {
  const auto study = std::ranges::find(studies, claim.study, &Study::name);
  if (study == studies.end()) return 0;
  const bool quick = std::ranges::any_of(
      results, [&](const Result& r) { return r.run.study == claim.study && r.run.quick; });
  return quick ? study->quick_seeds : study->seeds;
}

Outcome outcome_of(const Judgement& judgement, const Claim& claim) {
  if (judgement.effect.n == 0) return Outcome::not_measured;
  if (judgement.effect.n == 1) return Outcome::one_run;
  if (!(judgement.p < 0.05)) return Outcome::no_difference;
  return (judgement.effect.mean > 0) == claim.more_supports ? Outcome::supported
                                                            : Outcome::reversed;
}

Outcome over_datasets(const std::vector<Judgement>& judgements) {
  std::set<Outcome> judged, other;
  for (const Judgement& judgement : judgements)
    (judgement.effect.n > 1 ? judged : other).insert(judgement.outcome);
  if (judged.contains(Outcome::unfinished) || (!judged.empty() && !other.empty()))
    return Outcome::unfinished;
  if (judged.size() > 1) return Outcome::mixed;
  if (judged.size() == 1) return *judged.begin();
  return other.contains(Outcome::one_run) ? Outcome::one_run : Outcome::not_measured;
}
}  // namespace

Comparison compare_pairs(std::span<const double> treatment, std::span<const double> reference,
                         double level) {
  const int n = static_cast<int>(std::min(treatment.size(), reference.size()));
  Comparison result{.n = n, .deviation = nan, .low = nan, .high = nan, .p = nan, .visible = nan};
  if (n == 0) return result;
  double largest = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    result.mean += (treatment[i] - reference[i]) / n;
    largest = std::max({largest, std::abs(treatment[i]), std::abs(reference[i])});
  }
  if (n == 1) return result;
  for (int i = 0; i < n; ++i)
    squares += std::pow(treatment[i] - reference[i] - result.mean, 2) / (n - 1);
  result.deviation = std::sqrt(squares);
  // what is left of equal differences after rounding is no spread
  if (result.deviation <= 1e-12 * largest) result.deviation = 0;
  const double error = result.deviation / std::sqrt(n), bound = student_bound(0.95, n - 1);
  result.low = result.mean - bound * error;
  result.high = result.mean + bound * error;
  // t_.8: 0.6 lie within
  result.visible = (student_bound(1 - level, n - 1) + student_bound(0.6, n - 1)) * error;
  if (error > 0) {
    result.p = std::clamp(1 - student_within(std::abs(result.mean) / error, n - 1), 0.0, 1.0);
  } else {
    result.p = std::abs(result.mean) <= 1e-12 * largest ? 1 : std::pow(2.0, 1 - n);
  }
  return result;
}

double student_within(double t, int freedom) {
  const double angle = std::atan(t / std::sqrt(freedom)), cosine = std::cos(angle);
  const bool odd = freedom % 2 == 1;
  // odd: cos + 2/3 cos³ + (2·4)/(3·5) cos⁵ …; even: 1 + 1/2 cos² + (1·3)/(2·4) cos⁴ …
  double term = odd ? cosine : 1, sum = 0;
  for (int k = odd ? 1 : 0; k <= freedom - 2; k += 2) {
    sum += term;
    term *= cosine * cosine * (k + 1) / (k + 2);
  }
  return odd ? (angle + std::sin(angle) * sum) * 2 / std::numbers::pi : std::sin(angle) * sum;
}

double student_bound(double share, int freedom) {
  double low = 0, high = 1;
  while (student_within(high, freedom) < share) high *= 2;
  for (double middle = high / 2; low < middle && middle < high; middle = (low + high) / 2)
    (student_within(middle, freedom) < share ? low : high) = middle;
  return high;
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> corrected(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto others = static_cast<double>(p.size() - rank);
    largest = std::max(largest, std::min(1.0, others * p[order[rank]]));
    corrected[order[rank]] = largest;
  }
  return corrected;
}

const char* to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::supported:
      return "supported";
    case Outcome::reversed:
      return "reversed";
    case Outcome::no_difference:
      return "no difference found";
    case Outcome::mixed:
      return "mixed";
    case Outcome::unfinished:
      return "seeds are missing";
    case Outcome::one_run:
      return "one run only";
    case Outcome::not_measured:
      break;
  }
  return "not measured";
}

std::vector<Result> best_results(const std::vector<Result>& results) {
  std::set<std::string> full;
  for (const Result& result : results)
    if (!result.run.quick) full.insert(result.run.study);
  std::vector<Result> best;
  for (const Result& result : results)
    if (!result.run.quick || !full.contains(result.run.study)) best.push_back(result);
  return best;
}

std::vector<Verdict> judge(const std::vector<Result>& results, const std::vector<Claim>& claims,
                           const std::vector<Study>& studies) {
  const std::vector<Result> best = best_results(results);
  std::size_t comparisons = 0;
  for (const Claim& claim : claims) comparisons += claim.datasets.size();
  const double level = 0.05 / static_cast<double>(std::max<std::size_t>(comparisons, 1));
  std::vector<Verdict> verdicts;
  std::vector<double> p;
  for (const Claim& claim : claims) {
    Verdict& verdict = verdicts.emplace_back();
    verdict.claim = claim.name;
    for (const std::string& dataset : claim.datasets) {
      verdict.datasets.push_back(
          compare(best, claim, dataset, planned_seeds(best, claim, studies), level));
      const Comparison& effect = verdict.datasets.back().effect;
      p.push_back(effect.n > 1 ? effect.p : 1);
    }
  }
  const std::vector<double> corrected = holm(p);
  auto next = corrected.begin();
  for (std::size_t i = 0; i < claims.size(); ++i) {
    for (Judgement& judgement : verdicts[i].datasets) {
      judgement.p = judgement.effect.n > 1 ? *next : nan;
      ++next;
      judgement.outcome = outcome_of(judgement, claims[i]);
      if (judgement.effect.n > 1 && judgement.effect.n < planned_seeds(best, claims[i], studies))
        judgement.outcome = Outcome::unfinished;
    }
    verdicts[i].outcome = over_datasets(verdicts[i].datasets);
  }
  return verdicts;
}
}  // namespace temper::lab
