// Dataset: samples and their labels or targets, in memory; load_mnist() is one way to fill it.
#pragma once

#include <vector>

#include "../core/labels.h"
#include "../core/tensor.h"

namespace temper {
// n samples of one shape, one after the other. Inputs are either bytes (pixels stay bytes: MNIST
// takes 47 MB, not 188) or numbers; targets are either labels or rows of numbers. A DataLoader
// turns a byte b into scale · b + shift, batch by batch.
struct Dataset {
  Shape sample;  // of one input: [784] or [1, 28, 28]
  std::vector<std::uint8_t> bytes = {};
  std::vector<Real> numbers = {};
  double scale = 1.0 / 255, shift = 0;

  std::vector<int> labels = {};    // 0 … classes - 1
  std::vector<Real> targets = {};  // n rows
  int classes = 0;                 // of the labels, or the length of a target row

  int size() const;  // n

  // Throws ShapeError, in one sentence, for a data set that is empty, has both or neither kind of
  // inputs or targets, counts that differ, or a label out of range.
  void check() const;
};

// What to learn from, and what to measure on.
struct TrainTestSplit {
  Dataset train, test;
};

// What a loader yields. It may be kept: its numbers live, and stay what they are, as long as a copy
// of it does or a training tape has not been cleared that was given them.
struct Batch {
  Tensor inputs;   // [n, ...sample]
  Labels labels;   // n, or empty
  Tensor targets;  // [n, classes], or of no data
  std::shared_ptr<Owner> memory = {};

  int size() const { return inputs.shape[0]; }
};
}  // namespace temper
