// Verdicts: the rule by which results judge claims.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../model/study.h"
#include "statistics.h"

namespace temper::lab {
enum class Outcome { supported, reversed, no_difference, mixed, unfinished, one_run, not_measured };
const char* to_text(Outcome outcome);  // "supported", "no difference found" …

struct Judgement {
  std::string dataset;
  std::vector<std::uint64_t> seeds;
  std::vector<double> treatment, reference;  // by seed, in the claim's unit
  int left_out = 0;                          // pairs with a number that is not finite or missing
  Comparison effect;                         // in the claim's unit
  double p = 1;                              // after Holm's correction
  Outcome outcome = Outcome::not_measured;
};

struct Verdict {
  std::vector<Judgement> datasets;
  Outcome outcome = Outcome::not_measured;
};

// A verdict for each claim, in their order, by a rule that was written down before the runs.
//
// All comparisons, one for each claim and data set, are corrected together by Holm's method. Those
// not yet measured count as if they had p = 1, so that a verdict does not depend on what else was
// run. With a corrected p < 0.05 a claim is supported where the effect has the sign that it says,
// and reversed where it has the other. Otherwise no difference was found, and the smallest effect
// that could have been seen is told.
//
// There is no verdict before all the seeds that the study plans are there with finite numbers, and
// more seeds are not looked at: who may stop when it suits, chooses the verdict. If all data sets
// of a claim have the same verdict, it is the claim's; if one has none, the claim has none; else it
// is mixed. Where a study has full results, its quick ones are not looked at.
std::vector<Verdict> judge(const std::vector<Result>& results, const std::vector<Claim>& claims,
                           const std::vector<Study>& studies = {});
}  // namespace temper::lab
