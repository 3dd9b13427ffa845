#include "datasets/dataset.h"

#include <doctest/doctest.h>

using namespace temper;

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
  refused("dataset: 4 values are not a whole number of samples of [3]",
          [](Dataset& d) { d.sample = {3}; });
  refused("dataset: a batch of [1, 1, 1, 2] has more than 4 axes", [](Dataset& d) {
    d.sample = {1, 1, 1, 2};
  });
  refused("dataset: classes = 0, at least 1 is needed", [](Dataset& d) { d.classes = 0; });
  refused("dataset: neither labels nor targets, one is needed",
          [](Dataset& d) { d.labels.clear(); });
  refused("dataset: both labels and targets, one is needed",
          [](Dataset& d) { d.targets = {1, 2, 3, 4, 5, 6}; });
  refused("dataset: 2 samples of [2] but 3 labels", [](Dataset& d) { d.labels = {0, 1, 2}; });
  refused("dataset: label[1] = 3 is not a class: there are 3 (0..2)",
          [](Dataset& d) { d.labels[1] = 3; });
  refused("dataset: label[0] = -1 is not a class: there are 3 (0..2)",
          [](Dataset& d) { d.labels[0] = -1; });
  refused("dataset: 2 samples of [2] but 5 numbers of targets, expected 2 rows of 3",
          [](Dataset& d) {
            d.labels.clear();
            d.targets = {1, 2, 3, 4, 5};
          });
}
