#include "datasets/dataset.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <vector>

using namespace temper;

namespace {
// Sample i is [2 i, 2 i + 1] with the label i.
Dataset counted(int n) {
  Dataset data{.sample = {2}, .scale = 3, .shift = 4, .classes = n};
  for (int i = 0; i < n; ++i) {
    data.bytes.push_back(static_cast<std::uint8_t>(2 * i));
    data.bytes.push_back(static_cast<std::uint8_t>(2 * i + 1));
    data.labels.push_back(i);
  }
  return data;
}
}  // namespace

TEST_CASE("a data set says how many samples it has") {
  CHECK(Dataset{.sample = {2}, .bytes = {1, 2, 3, 4}}.size() == 2);
  CHECK(Dataset{.sample = {2, 2}, .numbers = {1, 2, 3, 4}}.size() == 1);
  CHECK(Dataset{.sample = {}, .numbers = {1, 2, 3}}.size() == 3);
  CHECK(Dataset{.sample = {0}}.size() == 0);
}

TEST_CASE("a data set that is empty or inconsistent is refused in one sentence") {
  const Dataset good{.sample = {2}, .bytes = {1, 2, 3, 4}, .labels = {0, 2}, .classes = 3};
  CHECK_NOTHROW(good.check());
  const auto refused = [&](const char* sentence, auto change) {
    Dataset data = good;
    change(data);
    CHECK_THROWS_WITH_AS(data.check(), sentence, ShapeError);
  };
  refused("dataset: no samples of [2]", [](Dataset& d) { d.bytes.clear(); });
  refused("dataset: no samples of [0]", [](Dataset& d) { d.sample = {0}; });
  refused("dataset: both bytes and numbers, one is needed", [](Dataset& d) {
    d.numbers = {1, 2, 3, 4};
  });
  refused("dataset: 4 values are not whole samples of [3]", [](Dataset& d) { d.sample = {3}; });
  refused("dataset: a batch of [1, 1, 1, 2] has more than 4 axes", [](Dataset& d) {
    d.sample = {1, 1, 1, 2};
  });
  refused("dataset: label[0] = 0 is not a class: there are 0 (0..-1)",
          [](Dataset& d) { d.classes = 0; });
  refused("dataset: both labels and targets, one is needed",
          [](Dataset& d) { d.targets = {1, 2, 3, 4, 5, 6}; });
  refused("dataset: 3 labels, not 2", [](Dataset& d) { d.labels = {0, 1, 2}; });
  refused("dataset: label[1] = 3 is not a class: there are 3 (0..2)",
          [](Dataset& d) { d.labels[1] = 3; });
  refused("dataset: label[0] = -1 is not a class: there are 3 (0..2)",
          [](Dataset& d) { d.labels[0] = -1; });
  refused("dataset: 5 numbers of targets, not 2 rows of 3", [](Dataset& d) {
    d.labels.clear();
    d.targets = {1, 2, 3, 4, 5};
  });
}

TEST_CASE("a data set to be predicted has neither labels nor targets, and no classes") {
  CHECK_NOTHROW(Dataset{.sample = {2}, .bytes = {1, 2}}.check());
  CHECK_NOTHROW(Dataset{.sample = {2}, .bytes = {1, 2}, .classes = 10}.check());
}

TEST_CASE("a subset is a copy of the samples that are named, in that order") {
  const Dataset part = subset(counted(5), std::vector{3, 0, 3});
  part.check();
  CHECK(part.sample == Shape{2});
  CHECK(part.bytes == std::vector<std::uint8_t>{6, 7, 0, 1, 6, 7});
  CHECK(part.labels == std::vector{3, 0, 3});
  CHECK(part.scale == 3);
  CHECK(part.shift == 4);
  CHECK(part.classes == 5);

  const Dataset soft{.sample = {1, 1}, .numbers = {1, 2}, .targets = {5, 6, 7, 8}, .classes = 2};
  const Dataset second = subset(soft, std::vector{1});
  CHECK(second.numbers == std::vector<Real>{2});
  CHECK(second.targets == std::vector<Real>{7, 8});
  CHECK(subset({.sample = {1}, .bytes = {1, 2}}, std::vector{1}).bytes ==
        std::vector<std::uint8_t>{2});
}

TEST_CASE("a subset of samples that are not there is refused, one of none is empty") {
  const Dataset data = counted(3);
  CHECK_THROWS_WITH_AS(subset(data, std::vector{0, 3}), "subset: no sample 3 among 0..2",
                       ShapeError);
  CHECK_THROWS_WITH_AS(subset(data, std::vector{-1}), "subset: no sample -1 among 0..2",
                       ShapeError);
  CHECK(subset(data, {}).size() == 0);
}

TEST_CASE("a split gives every sample to one of two parts") {
  const auto [first, second] = split(counted(50), 0.7, 1);
  CHECK(first.size() == 35);
  CHECK(second.size() == 15);
  std::vector<int> all = first.labels;
  all.insert(all.end(), second.labels.begin(), second.labels.end());
  std::ranges::sort(all);
  CHECK(all == counted(50).labels);
  for (std::size_t i = 0; i < 35; ++i) CHECK(first.bytes[2 * i] == 2 * first.labels[i]);
}

TEST_CASE("a split depends on the seed alone, and is the same on every platform") {
  CHECK(split(counted(10), 0.5, 1).train.labels == split(counted(10), 0.5, 1).train.labels);
  CHECK(split(counted(10), 0.5, 1).train.labels != split(counted(10), 0.5, 2).train.labels);
  CHECK(split(counted(10), 0.5, 1).train.labels == std::vector{2, 1, 8, 4, 9});
}

TEST_CASE("a split rounds the share, and leaves no part empty") {
  CHECK(split(counted(5), 0.3, 1).train.size() == 2);  // 1.5
  CHECK(split(counted(5), 0.29, 1).train.size() == 1);
  CHECK(split(counted(2), 0.5, 1).test.size() == 1);
  CHECK_THROWS_WITH_AS(split(counted(5), 0.05, 1), "split: 0.05 of 5 samples leaves a part empty",
                       ShapeError);
  CHECK_THROWS_AS(split(counted(5), 0.95, 1), ShapeError);
  for (const double share : {0.0, 1.0, -1.0, 2.0, std::numeric_limits<double>::quiet_NaN()})
    CHECK_THROWS_AS(split(counted(5), share, 1), ShapeError);
}

TEST_CASE("more samples than an int can count are refused, not counted wrong") {
  const Dataset data{.sample = {1}, .bytes = std::vector<std::uint8_t>((1u << 30) + 1)};
  CHECK_THROWS_WITH_AS(data.size(), "dataset: 1073741825 samples, at most 2^30 are supported",
                       ShapeError);
}
