// Statistics of numbers by seed: means and deviations, paired differences with their intervals, and
// the correction for many comparisons.
#pragma once

#include <span>
#include <vector>

namespace temper::lab {
struct Spread {
  int n = 0;
  double mean = 0, deviation = 0;  // NaN of no values; 0 of fewer than two
};
Spread spread(const std::vector<double>& values);  // of those that are finite

// The differences of n pairs of numbers. One pair has no interval: what needs one is NaN.
struct Comparison {
  int n = 0;
  double mean = 0, deviation = 0;  // of the differences, the latter with n - 1
  double low = 0, high = 0;        // 95 % interval of the mean, by Student's t
  double p = 1;                    // two-sided, of "there is no difference"
  // The smallest effect that is found with probability 0.8: (t_level + t_0.8) s / √n.
  double visible = 0;
};

// Of treatment[i] - reference[i]; an effect is found where p < level. Differences that are all
// equal have no spread to judge by: the interval is a point, and p is the sign test's, 2^(1-n).
Comparison compare_pairs(std::span<const double> treatment, std::span<const double> reference,
                         double level = 0.05);

// P(|T| < t) for whole degrees of freedom (Abramowitz, Stegun 1964, 26.7.3 and 26.7.4), and its
// inverse.
double student_within(double t, int freedom);
double student_bound(double share, int freedom);

// p values corrected for their number (Holm 1979), in the same order.
std::vector<double> holm(std::span<const double> p);
}  // namespace temper::lab
