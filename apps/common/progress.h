// Progress: how a training goes, as numbers and as a line on the terminal.
#pragma once

#include <temper.h>

#include <cstdint>
#include <string>

#include "stopwatch.h"

namespace temper {
// Counts the images of the steps, their loss and how many of them the network got right. While it
// counts, one line shows how far the training is, both means and the time left: on stderr, and only
// if that is a terminal.
class Progress {
 public:
  // The name begins the line; total_images is how many images there will be in all.
  Progress(std::string name, std::int64_t total_images);

  // After a training step on a batch. An image counts as right if its largest logit is that of its
  // label or, where targets are rows of probabilities, that of its largest target.
  void add_step(const Batch& batch, Tensor logits, Tensor loss);

  double loss() const { return loss_ / static_cast<double>(images_); }  // means over the images
  double accuracy() const { return static_cast<double>(correct_) / static_cast<double>(images_); }

  void clear_line();  // at the end: the next text on the terminal takes its place

 private:
  void show();  // a few times a second

  std::string name_;
  std::int64_t total_, images_ = 0, correct_ = 0;
  double loss_ = 0;  // the sum over the images
  bool terminal_;
  double last_shown_ = 0;
  Stopwatch watch_;
};
}  // namespace temper
