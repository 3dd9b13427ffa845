// From results to verdicts: paired differences, their intervals, and the rule that judges a claim.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lab.h"

namespace temper::lab {
// Differences of two series that share seeds. With n < 2 there is no interval: what needs one is
// NaN.
struct Comparison {
  int n = 0;
  double mean = 0, deviation = 0;  // of the differences, the latter with n - 1
  double low = 0, high = 0;        // 95 % interval of the mean, by Student's t
  double p = 1;                    // two-sided, of "there is no difference"
  double visible = 0;  // the smallest effect seen with probability 0.8: (t_bound + t_.8) s / √n
};

// Of treatment[i] - reference[i]; an effect is visible where p < level. Differences that are all
// equal have no spread to judge by: the interval is a point, and p is the sign test's, 2^(1-n).
Comparison compare_pairs(std::span<const double> treatment, std::span<const double> reference,
                         double level = 0.05);

// P(|T| < t) for whole degrees of freedom (Abramowitz, Stegun 26.7.3 and 26.7.4), and its inverse.
double student_within(double t, int freedom);
double student_bound(double share, int freedom);

// p values corrected for their number (Holm 1979), in the same order.
std::vector<double> holm(std::span<const double> p);

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
  std::string claim;
  std::vector<Judgement> datasets;
  Outcome outcome = Outcome::not_measured;
};

// The rule, written down before the runs: all comparisons (claim, data set) are corrected together
// by Holm's method, those not yet measured as if they had p = 1, so that a verdict does not depend
// on what else was run. With fewer seeds than the study plans, or without a finite number for one
// of them, there is none, and more are not looked at, since stopping when it suits would choose it.
// Corrected p < 0.05 and the effect has the sign that the claim says: supported. Corrected p < 0.05
// and the other sign: reversed. Else: no difference found, and the smallest effect that could have
// been seen is told. Over the data sets of a claim: all the same, that; one without a verdict,
// none; else mixed. A verdict for each claim, in their order. Where a study has full results, its
// quick ones are not looked at.
std::vector<Verdict> judge(const std::vector<Result>& results, const std::vector<Claim>& claims,
                           const std::vector<Study>& studies = {});

// Without the quick results of studies that have full ones.
std::vector<Result> best_results(const std::vector<Result>& results);
}  // namespace temper::lab
