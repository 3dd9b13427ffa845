// Ranking: whether a model is more sure where it is right, or where it knows the kind of data.
#pragma once

#include "predictions.h"

namespace temper {
// Scores, larger where more sure. They throw what Predictions::check() does, but read no labels.
std::vector<double> max_softmax(const Predictions& p);       // Hendrycks, Gimpel 2017
std::vector<double> negative_entropy(const Predictions& p);  // Σ_c p_c log p_c, from -log C to 0
std::vector<double> max_logit(const Predictions& p);         // Hendrycks et al. 2022
std::vector<double> energy(const Predictions& p);            // log Σ_c e^z_c (Liu et al. 2020)

// Below, ShapeError is thrown for no scores, NaN, counts that do not fit and shares not in (0, 1].

// The probability that a positive has a larger score than a negative; a tie counts one half (Mann,
// Whitney 1947). The second is for right predictions against wrong ones; both kinds are needed.
double auroc(std::span<const double> positives, std::span<const double> negatives);
double auroc(const Predictions& p, std::span<const double> scores);

// The share of negatives at or above the largest threshold that has at least this share of the
// positives at or above it: 0.95 gives "FPR at 95 % TPR" (Liang et al. 2018).
double false_positive_rate_at(std::span<const double> positives, std::span<const double> negatives,
                              double true_positive_rate = 0.95);

// The values in the order of falling scores; equal scores share the mean of their values.
std::vector<double> ordered_by(std::span<const double> scores, std::span<const double> values);

// Element k - 1 is the risk at coverage k / n: the share of errors among the k rows with the
// largest scores (El-Yaniv, Wiener 2010), the mean over all orders of rows with equal scores.
std::vector<double> risk_coverage(const Predictions& p, std::span<const double> scores);

// Of such a curve: the mean (Geifman et al. 2018), and the risk at the least k / n >= coverage.
double aurc(std::span<const double> curve);
double risk_at(std::span<const double> curve, double coverage);
}  // namespace temper
