// Calibration: whether 80 % of what has a probability of 0.8 comes true, beyond Metrics::ece().
#pragma once

#include "predictions.h"

namespace temper {
// All take n rows, add up in double, and throw ShapeError for what Predictions::check() refuses and
// for options out of range. Bins of equal width are those of bin_of().

// Σ_bins |Σ confidence - correct| / n with bins of equal mass (Nguyen, O'Connor 2015; Nixon et al.
// 2019): in the order of falling confidence, bin b has the rows ⌊b n / bins⌋ … ⌊(b + 1) n / bins⌋ -
// 1. Rows of equal confidence share what they got right, so that their order does not matter.
double adaptive_ece(const Predictions& p, int bins = 15);

// The mean over all classes c of Σ_bins |Σ p_c - t_c| / n, bins of equal width (Kull et al. 2019).
double classwise_ece(const Predictions& p, int bins = 15);

// max_bins |mean confidence - accuracy|, bins of equal width (Naeini et al. 2015). Bins with fewer
// rows than `least` do not count: a bin of one row is always far off. Throws if no bin counts.
double maximum_calibration_error(const Predictions& p, int bins = 15, int least = 10);

// A mean and the middle 95 % (nearest ranks) of what was drawn.
struct Band {
  double mean, low, high;
};

// What Metrics::ece() would be if each row were correct with its confidence as the probability: not
// 0 (Bröcker, Smith 2007). The same for the same seed, at any number of threads.
Band ece_of_perfect_model(const Predictions& p, int resamples = 1000, std::uint64_t seed = 1,
                          int bins = 15);

// Exactly Metrics::brier(), in parts (Murphy 1973; Stephenson et al. 2008 for the last). For each
// class c the rows are in bins of equal width by p_c; p̄ and t̄ are the means of p_c and t_c in the
// bin of a row, t̂ is the share of the class, and each part sums over classes the mean over rows of
//
//   reliability  (p̄ - t̄)²      resolution  (t̄ - t̂)²
//   uncertainty  t̂ (1 - t̂)     within      (p_c - p̄)² - 2 (p_c - p̄)(t_c - t̄)
//
// `within` is what bins hide: below 0 where sharper probabilities inside of a bin help.
struct BrierParts {
  double reliability = 0, resolution = 0, uncertainty = 0, within = 0;

  double brier() const { return reliability - resolution + uncertainty + within; }
};
BrierParts brier_decomposition(const Predictions& p, int bins = 15);
}  // namespace temper
