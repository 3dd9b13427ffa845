#include "apps/common/digits.h"

#include <doctest/doctest.h>
#include <omp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <vector>

#include "core/random.h"

using namespace temper;

namespace {
std::uint64_t hash(const std::vector<std::uint8_t>& bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0},
                         [](std::uint64_t h, std::uint8_t byte) { return mix(h ^ byte) + 1; });
}

std::vector<std::uint8_t> image(const Dataset& data, int i) {
  const auto first = data.bytes.begin() + i * 784;
  return {first, first + 784};
}
}  // namespace

TEST_CASE("built-in digits are data sets of images 28 x 28") {
  const TrainTestSplit data = built_in_digits(50, 20, 1, {1, 28, 28});
  data.train.check();
  data.test.check();
  CHECK(data.train.size() == 50);
  CHECK(data.test.size() == 20);
  CHECK(data.train.sample == Shape{1, 28, 28});
  CHECK(data.train.classes == 10);
}

TEST_CASE("built-in digits are the same bytes in every build and on every platform") {
  const TrainTestSplit data = built_in_digits(1000, 500);
  CHECK(hash(data.train.bytes) == 6780668728216658827u);
  CHECK(hash(data.test.bytes) == 17053730077458329135u);
}

TEST_CASE("built-in digits are the same at any number of threads") {
  const int before = omp_get_max_threads();
  std::vector<std::vector<std::uint8_t>> found;
  for (const int threads : {1, 2, 5}) {
    omp_set_num_threads(threads);
    found.push_back(built_in_digits(300, 10).train.bytes);
  }
  omp_set_num_threads(before);
  CHECK(found[1] == found[0]);
  CHECK(found[2] == found[0]);
}

TEST_CASE("a built-in digit depends on the seed and its number, not on how many there are") {
  const TrainTestSplit few = built_in_digits(20, 10), many = built_in_digits(200, 100);
  for (int i = 0; i < 20; ++i) CHECK(image(few.train, i) == image(many.train, i));
  for (int i = 0; i < 10; ++i) CHECK(image(few.test, i) == image(many.test, i));
  const TrainTestSplit other = built_in_digits(20, 10, 2);
  for (int i = 0; i < 20; ++i) CHECK(image(few.train, i) != image(other.train, i));
}

TEST_CASE("built-in digits are balanced, and no two are equal") {
  const TrainTestSplit data = built_in_digits(2000, 500);
  std::array<int, 10> counts{};
  for (const int label : data.train.labels) ++counts.at(static_cast<std::size_t>(label));
  for (const int count : counts) CHECK(count == 200);
  std::vector<std::uint64_t> all;
  for (int i = 0; i < 2000; ++i) all.push_back(hash(image(data.train, i)));
  for (int i = 0; i < 500; ++i) all.push_back(hash(image(data.test, i)));
  std::ranges::sort(all);
  CHECK(std::ranges::adjacent_find(all) == all.end());
}

TEST_CASE("every built-in digit has dark ink, and more paper than ink") {
  const Dataset data = built_in_digits(500, 1).train;
  for (int i = 0; i < 500; ++i) {
    CAPTURE(i);
    const std::vector<std::uint8_t> pixels = image(data, i);
    CHECK(std::ranges::max(pixels) > 100);
    const auto paper = std::ranges::count(pixels, 0);
    CHECK(paper > 784 * 4 / 10);
    CHECK(paper < 784 * 98 / 100);
  }
}

TEST_CASE("most built-in digits look most like another one of the same class, but not all") {
  const TrainTestSplit data = built_in_digits(1000, 300);
  int right = 0;
  for (int i = 0; i < 300; ++i) {
    long nearest = std::numeric_limits<long>::max();
    int label = -1;
    for (int j = 0; j < 1000; ++j) {
      const std::uint8_t *a = data.test.bytes.data() + i * 784,
                         *b = data.train.bytes.data() + j * 784;
      long distance = 0;
      for (int k = 0; k < 784; ++k) distance += (a[k] - b[k]) * (a[k] - b[k]);
      if (distance < nearest) {
        nearest = distance;
        label = data.train.labels[static_cast<std::size_t>(j)];
      }
    }
    right += label == data.test.labels[static_cast<std::size_t>(i)];
  }
  CHECK(right > 200);  // 237
  CHECK(right < 280);
}

TEST_CASE("built-in digits of no number or of another shape are refused") {
  CHECK_THROWS_WITH_AS(built_in_digits(0, 10),
                       "built_in_digits: 0 training and 10 test samples, at least 1 of each is "
                       "needed",
                       ShapeError);
  CHECK_THROWS_WITH_AS(built_in_digits(10, 10, 1, {10}),
                       "built_in_digits: an image of 28 x 28 does not fit a sample of [10]",
                       ShapeError);
}
