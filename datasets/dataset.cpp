// What makes a data set consistent.
#include "dataset.h"

namespace temper {
int Dataset::size() const {
  const std::size_t one = sample.size();
  return one == 0 ? 0 : static_cast<int>((bytes.size() + numbers.size()) / one);
}

void Dataset::check() const {
  const std::size_t values = bytes.size() + numbers.size(), one = sample.size();
  require(values > 0 && one > 0, "dataset: no samples of ", sample);
  require(bytes.empty() || numbers.empty(), "dataset: both bytes and numbers, one is needed");
  require(values % one == 0, "dataset: ", values, " values are not a whole number of samples of ",
          sample);
  const std::size_t n = values / one;
  require(n <= 1u << 30, "dataset: ", n, " samples, at most 2^30 are supported");
  require(sample.rank() < Shape::max_rank, "dataset: a batch of ", sample, " has more than 4 axes");
  require(classes > 0, "dataset: classes = ", classes, ", at least 1 is needed");
  require(labels.empty() != targets.empty(),
          "dataset: ", labels.empty() ? "neither labels nor targets" : "both labels and targets",
          ", one is needed");
  require(!labels.empty() || targets.size() == n * static_cast<std::size_t>(classes),
          "dataset: ", n, " samples of ", sample, " but ", targets.size(),
          " numbers of targets, expected ", n, " rows of ", classes);
  require(labels.empty() || labels.size() == n, "dataset: ", n, " samples of ", sample, " but ",
          labels.size(), " labels");
  check_labels("dataset", labels, classes);
}
}  // namespace temper
