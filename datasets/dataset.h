// Dataset: samples and their labels or targets, in memory; load_mnist() is one way to fill it.
#pragma once

#include <vector>

#include "../core/labels.h"
#include "../core/tensor.h"

namespace temper {
// n samples of one shape, one after the other. Inputs are either bytes (pixels stay bytes: MNIST
// takes 47 MB, not 188) or numbers; targets are either labels or rows of numbers, or there are none
// and the samples are only to be predicted. A DataLoader turns a byte b into scale · b + shift.
struct Dataset {
  Shape sample;  // of one input: [784] or [1, 28, 28]
  std::vector<std::uint8_t> bytes = {};
  std::vector<Real> numbers = {};
  double scale = 1.0 / 255, shift = 0;

  std::vector<int> labels = {};    // 0 … classes - 1
  std::vector<Real> targets = {};  // n rows
  int classes = 0;                 // of the labels, or the length of a target row

  int size() const;  // n; throws ShapeError if it is more than 2^30

  // Throws ShapeError, in one sentence, for a data set that is empty, has both kinds of inputs or
  // of targets, counts that differ, or a label out of range.
  void check() const;
};

// A copy of these samples, in this order. Throws ShapeError for one that is not 0 … n - 1.
Dataset subset(const Dataset& data, std::span<const int> indices);

// What to learn from, and what to measure on.
struct TrainTestSplit {
  Dataset train, test;
};

// Copies of round(share · n) samples, chosen by the seed alone, and of the rest; throws if none.
TrainTestSplit split(const Dataset& data, double share, std::uint64_t seed);

// What a loader yields. It may be kept: its numbers live, and stay what they are, as long as a copy
// of it does or a tape has not been cleared that was given them.
struct Batch {
  Tensor inputs;   // [n, ...sample], a view: keep the batch
  Labels labels;   // n, or empty
  Tensor targets;  // [n, classes], or of no data
  std::shared_ptr<Owner> memory = {};

  int size() const { return inputs.shape[0]; }
};
}  // namespace temper
