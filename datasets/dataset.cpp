// What makes a data set consistent, and parts of one.
#include "dataset.h"

#include <numeric>

#include "../core/random.h"

namespace temper {
int Dataset::size() const {
  const std::size_t one = sample.size(), n = one == 0 ? 0 : (bytes.size() + numbers.size()) / one;
  require(n <= 1u << 30, "dataset: ", n, " samples, at most 2^30 are supported");
  return static_cast<int>(n);
}

void Dataset::check() const {
  const std::size_t values = bytes.size() + numbers.size(), one = sample.size();
  require(values > 0 && one > 0, "dataset: no samples of ", sample);
  require(bytes.empty() || numbers.empty(), "dataset: both bytes and numbers, one is needed");
  require(values % one == 0, "dataset: ", values, " values are not whole samples of ", sample);
  const auto n = static_cast<std::size_t>(size());
  require(sample.rank() < Shape::max_rank, "dataset: a batch of ", sample, " has more than 4 axes");
  require(labels.empty() || targets.empty(), "dataset: both labels and targets, one is needed");
  require(targets.empty() || targets.size() == n * static_cast<std::size_t>(classes),
          "dataset: ", targets.size(), " numbers of targets, not ", n, " rows of ", classes);
  require(labels.empty() || labels.size() == n, "dataset: ", labels.size(), " labels, not ", n);
  check_labels("dataset", labels, classes);
}

Dataset subset(const Dataset& data, std::span<const int> indices) {
  data.check();
  const auto n = static_cast<std::size_t>(data.size());
  Dataset part{data.sample, {}, {}, data.scale, data.shift, {}, {}, data.classes};
  for (const int i : indices) {
    require(i >= 0 && i < data.size(), "subset: no sample ", i, " among 0..", n - 1);
    const auto add = [=](const auto& from, auto& to) {
      const auto* row = from.data() + from.size() / n * static_cast<std::size_t>(i);
      to.insert(to.end(), row, row + from.size() / n);
    };
    add(data.bytes, part.bytes), add(data.numbers, part.numbers);
    add(data.labels, part.labels), add(data.targets, part.targets);
  }
  return part;
}

TrainTestSplit split(const Dataset& data, double share, std::uint64_t seed) {
  const double n = data.size(), first = std::round(share * n);
  require(first > 0 && first < n, "split: ", share, " of ", n, " samples leaves a part empty");
  std::vector<int> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  Rng(seed).shuffle(std::span(order));
  const auto middle = order.begin() + static_cast<int>(first);
  return {subset(data, {order.begin(), middle}), subset(data, {middle, order.end()})};
}
}  // namespace temper
