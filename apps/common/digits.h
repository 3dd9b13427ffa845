// Digits that look handwritten, drawn by a formula: a data set that is always there, for the demo
// where nothing can be downloaded, for the benchmark and for tests.
#pragma once

#include <temper.h>

#include <cstdint>

namespace temper {
// Images of 28 x 28 as MNIST has them, ink 255 on paper 0, all digits equally often: sample i is
// the digit i % 10. It is a function of (seed, i); no test sample is a training sample, however
// many there are. The bytes are the same at any number of threads, and on every platform but where
// a last bit falls on the edge between two of them. `sample` as for load_mnist. Throws ShapeError
// for counts below 1. Five epochs of a perceptron 784-128-10 reach about 97.5 %.
TrainTestSplit built_in_digits(int train = 20000, int test = 4000, std::uint64_t seed = 1,
                               Shape sample = {784});
}  // namespace temper
