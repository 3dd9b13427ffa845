// The labels of the experiments on noise and on imbalance: which become wrong, and which are kept.
#include <numeric>

#include "apps/lab/experiments/imbalance.h"
#include "apps/lab/experiments/noise.h"
#include "tests/check.h"

using namespace temper;
using namespace temper::lab;

TEST_CASE("digits become those that look like them") {
  const std::vector<Real> m = mnist_noise(0.3);
  REQUIRE(m.size() == 100);
  std::vector<double> expected(100);
  for (const int y : {0, 1, 4, 8, 9}) expected[static_cast<std::size_t>(11 * y)] = 1;
  for (const int y : {2, 3, 5, 6, 7}) expected[static_cast<std::size_t>(11 * y)] = 0.7;
  for (const int flip : {27, 38, 56, 65, 71}) expected[static_cast<std::size_t>(flip)] = 0.3;
  check_close(m, expected, 1e-7);
  CHECK_THROWS_WITH_AS(mnist_noise(not_a_number), "mnist_noise: rate must be in [0, 1], got nan",
                       ShapeError);
}

TEST_CASE("a long tail has an exponential profile, and the seed decides who is in it") {
  std::vector<int> labels;
  for (int i = 0; i < 10300; ++i) labels.push_back(i % 10);
  labels.resize(10003);  // 1000 of each and three more
  const std::vector<int> kept = long_tail(labels, 10, 100, 3);
  std::vector<int> count(10);
  for (const int i : kept) ++count[static_cast<std::size_t>(labels[static_cast<std::size_t>(i)])];
  // 1000 · 10^(-2c/9)
  CHECK(count == std::vector{1000, 599, 359, 215, 129, 77, 46, 28, 17, 10});
  CHECK(std::ranges::is_sorted(kept));
  CHECK(std::ranges::adjacent_find(kept) == kept.end());
  CHECK(kept == long_tail(labels, 10, 100, 3));
  CHECK(kept != long_tail(labels, 10, 100, 4));
  CHECK(long_tail(labels, 10, 1, 3).size() == 10000);
  CHECK(long_tail(std::vector{1, 0, 1}, 2, 1, 3).size() == 2);
}

TEST_CASE("a long tail says what is wrong with its arguments") {
  const auto throws = [](auto f, const char* message) {
    CHECK_THROWS_WITH_AS(f(), message, ShapeError);
  };
  const std::vector<int> labels{0, 1, 2};
  throws(
      [&] {
        long_tail(std::vector{0, -1}, 3, 1, 1);
      },
      "long_tail: label[1] = -1 is not a class: there are 3 (0..2)");
  throws([&] { long_tail(labels, 3, 0.5, 1); },
         "long_tail: ratio must be finite and >= 1, got 0.5");
  throws([&] { long_tail(labels, 1, 1, 1); }, "long_tail: at least 2 classes are needed, got 1");
  throws(
      [&] {
        long_tail(std::vector{0, 0, 1}, 2, 1.5, 1);
      },
      "long_tail: class 1 has 1 samples, too few for a ratio of 1.5");
}
