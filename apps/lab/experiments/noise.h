// Wrong labels: a share of the training labels is replaced; the held-out and the test labels stay
// as they are.
#pragma once

#include <temper.h>

#include <vector>

namespace temper::lab {
// Digits that look alike: 2 -> 7, 3 -> 8, 5 <-> 6, 7 -> 1 with probability `rate` (Patrini et al.
// 2017), as a matrix for corrupt_labels. Throws ShapeError for a rate outside [0, 1].
std::vector<Real> mnist_noise(double rate);
}  // namespace temper::lab
