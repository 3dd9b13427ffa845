// The data of a run: training, held-out and test images.
#pragma once

#include <temper.h>

#include <functional>
#include <string>
#include <vector>

#include "result.h"

namespace temper::lab {
// A data set in three parts. What is fitted after training (a temperature) is fitted on the
// held-out one: the last 5,000 training images.
struct Data {
  Dataset train, held_out, test;
  std::string digest;
};

// The data set of a run; in a quick one 10,000 training images.
Data load(const Run& run, Shape sample = {784});

// SHA-256, in hexadecimal digits, of the bytes of the training images, then their labels as a byte
// each, then the same of the test images. Throws std::runtime_error if it cannot be computed.
std::string digest(const Mnist& data);

std::vector<int> range(int begin, int end);  // begin … end - 1

// The samples of a data set whose label is chosen.
Dataset select(const Dataset& data, const std::function<bool(int label)>& chosen);
}  // namespace temper::lab
