// Target matrices: C x C numbers, where row y is the distribution that stands for label y. They are
// the targets of a loss (CrossEntropyOptions::target_matrix), or noisy labels are drawn from them.
#pragma once

#include "../cross_entropy.h"

namespace temper {
// For rates outside [0, 1], rows that are no distribution and labels out of range: ShapeError.

// (1 - ε) I + ε 1 uᵀ: label smoothing (Szegedy et al. 2016). The prior u has C entries; empty: 1/C.
std::vector<Real> smoothing_matrix(int classes, double smoothing, std::span<const Real> prior = {});

// Labels that are wrong with probability `rate`, and then each of the C - 1 others as often.
std::vector<Real> symmetric_noise(int classes, double rate);
// Label y becomes y + 1 mod C with probability `rate` (Han et al. 2018).
std::vector<Real> pair_noise(int classes, double rate);

// Each label replaced by a draw from its row of the matrix, for label i by the seed and i alone.
std::vector<int> corrupt_labels(Labels labels, std::span<const Real> matrix, std::uint64_t seed);
}  // namespace temper
