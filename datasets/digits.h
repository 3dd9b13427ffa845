// Digits that look handwritten, drawn by a formula: a data set that is always there.
#pragma once

#include <cstdint>

#include "mnist.h"

namespace temper::inline TEMPER_PRECISION {

// Images of 28 x 28 as MNIST has them, ink 255 on paper 0, all digits equally often: sample i is
// the digit i % 10. It is a function of (seed, i), and test samples are none of the training
// samples, however many there are. The bytes are the same at any number of threads, and on every
// platform but for a last bit that falls on the edge between two bytes. `sample` as for load_mnist.
// Throws ShapeError for counts below 1.
Mnist built_in_digits(int train = 20000, int test = 4000, std::uint64_t seed = 1,
                      Shape sample = {784});

}  // namespace temper::inline TEMPER_PRECISION
