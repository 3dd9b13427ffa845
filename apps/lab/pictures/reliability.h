// Whether confidence can be believed, bin by bin: reliability diagrams (DeGroot, Fienberg 1983),
// and the confidence of right and of wrong answers.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "../statistics/summary.h"
#include "picture.h"

namespace temper::lab {
// The images of a test set in bins of equal width, by how confident the answer was.
struct ConfidenceBins {
  std::string caption = "";                    // "MNIST, hard"
  std::vector<double> right = {}, wrong = {};  // how many answers of each bin
  // Below, what only the reliability diagram needs: of each bin the sum of the confidences, and
  // where 95 % of the accuracies of a model lie whose confidences are true (NaN for no images).
  std::vector<double> confidence = {}, perfect_low = {}, perfect_high = {};
  double ece = NAN, perfect_ece = NAN;  // what the caption tells, if finite
};
Picture reliability_diagrams(const std::vector<ConfidenceBins>& panels, int columns = 2);
Picture confidence_histograms(const std::vector<ConfidenceBins>& panels, int columns = 2);

// The same of results, mean over seeds.
Picture reliability_diagrams(const Selection& from);   // bin_*, ece, ece_perfect
Picture confidence_histograms(const Selection& from);  // confident_correct, confident_wrong
}  // namespace temper::lab
