#include "verdict.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "summary.h"

namespace temper::lab {
namespace {
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// A number of an arm by seed, in the claim's unit; NaN where the result lacks it. Seeds beyond the
// planned ones are not looked at (0: all are).
std::map<std::uint64_t, double> by_seed(const std::vector<Result>& results, const Claim& claim,
                                        const std::string& dataset, const Measure& measure,
                                        int planned) {
  std::map<std::uint64_t, double> values;
  for (const Result* result : Selection{results, claim.study, {}, {}}.of(dataset, measure.arm)) {
    if (planned > 0 && result->run.seed > static_cast<std::uint64_t>(planned)) continue;
    const auto found = result->numbers.find(measure.number);
    values.emplace(result->run.seed,
                   found != result->numbers.end() ? claim.number().scale * found->second : nan);
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

const char* to_text(Outcome outcome) {
  constexpr const char* texts[] = {"supported",   "reversed",          "no difference found",
                                   "mixed",       "seeds are missing", "one run only",
                                   "not measured"};
  return texts[static_cast<int>(outcome)];
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
