// Ranking: whether a model is more sure where it is right, or where it knows the kind of data.
#pragma once

#include <span>
#include <vector>

#include "predictions.h"

namespace temper {
// Scores of the n rows: larger means more sure. They throw what Predictions::check() throws, but
// look at no labels, so they serve data of another kind as well.
std::vector<double> max_softmax(const Predictions& p);       // Hendrycks, Gimpel 2017
std::vector<double> negative_entropy(const Predictions& p);  // Σ_c p_c log p_c, from -log C to 0
std::vector<double> max_logit(const Predictions& p);         // Hendrycks et al. 2022
std::vector<double> energy(const Predictions& p);            // log Σ_c e^z_c (Liu et al. 2020)

// Below, ShapeError is thrown for scores that are NaN or none at all, counts that do not fit, and
// shares outside of (0, 1].

// The probability that a positive has a larger score than a negative; a tie counts one half (Mann,
// Whitney 1947).
double auroc(std::span<const double> positives, std::span<const double> negatives);

// The same for right predictions against wrong ones. Throws if all are right or all are wrong.
double auroc(const Predictions& p, std::span<const double> scores);

// The share of negatives at or above the largest threshold that has at least this share of the
// positives at or above it: 0.95 gives "FPR at 95 % TPR" (Liang et al. 2018).
double false_positive_rate_at(std::span<const double> positives, std::span<const double> negatives,
                              double true_positive_rate = 0.95);

// The values in the order of falling scores, where equal scores share the mean of their values, so
// that the order in which they came does not matter.
std::vector<double> ordered_by(std::span<const double> scores, std::span<const double> values);

// Element k - 1 is the risk at coverage k / n: the share of errors among the k rows with the
// largest scores, if the others may be left unanswered (El-Yaniv, Wiener 2010). Of rows with equal
// scores any order is as likely: the risk is its mean over these.
std::vector<double> risk_coverage(const Predictions& p, std::span<const double> scores);

// Of such a curve: its mean (Geifman et al. 2018), and the risk at the smallest k / n that is at
// least the coverage.
double aurc(std::span<const double> curve);
double risk_at(std::span<const double> curve, double coverage);
}  // namespace temper
