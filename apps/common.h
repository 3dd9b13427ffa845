// What the demo programs share: choosing data, building the network, saying what is going on.
#pragma once

#include <temper.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "profile.h"

namespace temper {
// Prints the BLAS, its kernels and the threads, and advice where there is some.
void print_machine();

// "mnist", "fashion-mnist" or "digits", with where it was found. Prints both.
Mnist load_dataset(const std::string& name, const std::string& folder, Shape sample = {784});

// "1:05" for 65 seconds.
std::string clock_time(double seconds);

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// A running mean.
class Average {
 public:
  void add(double value, int count) { sum_ += value * count, count_ += count; }
  double mean() const { return count_ > 0 ? sum_ / static_cast<double>(count_) : 0; }

 private:
  double sum_ = 0;
  long count_ = 0;
};

// The share of a batch whose largest logit is that of its label, or of its largest target.
double share_correct(const Tensor& logits, const Batch& batch);

// A table of the profile, what took longest first.
std::string to_text(const Profile& profile);

// One line on the terminal that says how far the training is; nothing when stderr is not a
// terminal.
class Progress {
 public:
  Progress(std::string name, std::int64_t total_images);

  // Counts the images of a step, its loss and its accuracy; a few times a second it shows how far
  // this is, the means and the time left.
  void advance(int images, double loss, double accuracy);
  void clear();

 private:
  std::string name_;
  std::int64_t total_, done_ = 0;
  Average loss_, accuracy_;
  double last_shown_ = 0;
  bool terminal_;
  Stopwatch watch_;
};

// Runs the body of main: an error becomes one sentence on stderr and exit status 1.
template <class Body>
int run_app(Body body) {
  try {
    body();
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
      throw std::runtime_error("the output cannot be written");
    return 0;
  } catch (const std::exception& error) {
    std::fflush(stdout);
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
}  // namespace temper
