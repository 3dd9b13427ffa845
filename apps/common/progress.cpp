// Counting what the network got right, and drawing the line on the terminal.
#include "progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace temper {

namespace {
// The column of the largest number in row i.
int largest(const Tensor& rows, int i) {
  const auto classes = static_cast<std::ptrdiff_t>(rows.shape.columns());
  const Real* row = rows.data + i * classes;
  return static_cast<int>(std::max_element(row, row + classes) - row);
}

// How many images of a batch the network gets right.
int count_correct(const Batch& batch, const Tensor& logits) {
  int correct = 0;
  for (int i = 0; i < batch.size(); ++i) {
    const int truth = batch.labels.empty() ? largest(batch.targets, i)
                                           : batch.labels[static_cast<std::size_t>(i)];
    correct += largest(logits, i) == truth;
  }
  return correct;
}

bool is_terminal() {
  const char* type = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && type != nullptr && std::string(type) != "dumb";
}
}  // namespace

Progress::Progress(std::string name, std::int64_t total_images)
    : name_(std::move(name)), total_(total_images), terminal_(is_terminal()) {}

void Progress::add_step(const Batch& batch, Tensor logits, Tensor loss) {
  images_ += batch.size();
  loss_ += static_cast<double>(loss.item()) * batch.size();
  correct_ += count_correct(batch, logits);
  if (terminal_ && watch_.seconds() - last_shown_ >= 0.1) show();
}

void Progress::show() {
  last_shown_ = watch_.seconds();
  const double speed = static_cast<double>(images_) / last_shown_;
  constexpr int width = 10;
  const int filled = static_cast<int>(width * images_ / total_);
  std::string bar;
  for (int i = 0; i < width; ++i) bar += i < filled ? "━" : " ";
  // Line wrap is off for this line: on a narrow terminal it would be a new line each time.
  std::fprintf(
      stderr, "\r\033[?7l%s │%s│ loss %.4f  accuracy %.2f %%  %.0f images/s  %s left\033[K\033[?7h",
      name_.c_str(), bar.c_str(), loss(), 100 * accuracy(), speed,
      clock_time(static_cast<double>(total_ - std::min(total_, images_)) / speed).c_str());
}

void Progress::clear_line() {
  if (terminal_) std::fputs("\r\033[K", stderr);
}
}  // namespace temper
