// Classes that are not equally frequent: 100 times as many images of 0 as of 9; in the test
// set all are equally frequent.
#pragma once

#include <temper.h>

#include <cstdint>
#include <vector>

namespace temper::lab {
// Which samples to keep, in ascending order, so that class c has n₀ ratio^(-c/(C - 1)) of them: a
// long tail, `ratio` times as many of the first class as of the last (Cui et al. 2019). n₀ is how
// many the data have of their rarest class, at least `ratio`. The seed decides which are kept.
// Throws ShapeError for labels that are no class, for a ratio below 1 and for too few samples.
std::vector<int> long_tail(Labels labels, int classes, double ratio, std::uint64_t seed);
}  // namespace temper::lab
