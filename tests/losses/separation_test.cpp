// Class separation: values worked by hand, and all pairs in PyTorch.
#include "losses/separation.h"

#include "tests/check.h"
#include "tests/losses/calibration/measures_reference.h"

using namespace temper;

TEST_CASE("class separation has the values worked by hand") {
  const auto near = [](double x) { return doctest::Approx(x).epsilon(is_double ? 1e-12 : 1e-6); };
  // two classes at a right angle, whatever the lengths
  const Parameter apart = parameter({3, 2}, {1, 0, 1000, 0, 0, 1e-3});
  CHECK(class_separation(apart, std::vector{0, 0, 1}) == near(1));
  // the same two directions in both classes
  const Parameter mixed = parameter({4, 2}, {1, 0, 0, 1, 1, 0, 0, 1});
  CHECK(class_separation(mixed, std::vector{0, 0, 1, 1}) == near(0));
  // within: 0 and 1/2 (pairs with oneself count), mean 1/4; between the classes 1/2; so 3/8 in all
  const Parameter half = parameter({4, 2}, {1, 0, 1, 0, 1, 0, 0, 1});
  CHECK(class_separation(half, std::vector{5, 5, -2, -2}) == near(1 - 0.25 / 0.375));
  // classes weigh the same, however many rows they have
  const Parameter many = parameter({6, 2}, {1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1});
  CHECK(class_separation(many, std::vector{5, 5, 5, 5, -2, -2}) == near(1 - 0.25 / 0.375));
}

TEST_CASE("class separation equals the distances of all pairs in PyTorch") {
  for (const MeasuresReference& r : measures_references()) {
    const Predictions p = r.predictions();
    CHECK(class_separation(p.tensor(), p.labels) ==
          doctest::Approx(r.values.at("class_separation")[0]).epsilon(1e-12));
  }
}

TEST_CASE("class separation refuses features without a direction") {
  const Parameter zero = parameter({2, 2}, {1, 0, 0, 0}), same = parameter({2, 2}, {1, 2, 2, 4});
  const std::vector labels{0, 1};
  CHECK_THROWS_WITH_AS(class_separation(zero, labels),
                       "class_separation: row 1 of the features has no direction: its length is 0",
                       ShapeError);
  CHECK_THROWS_WITH_AS(class_separation(same, labels),
                       "class_separation: all features point the same way", ShapeError);
  CHECK_THROWS_WITH_AS(
      class_separation(same, std::vector{1}),
      "class_separation: 2 rows of features and 1 labels, expected as many and at least 1",
      ShapeError);
  const Parameter image({2, 2, 2});
  CHECK_THROWS_WITH_AS(class_separation(image, labels),
                       "class_separation: features must be [n, d], they are [2, 2, 2]", ShapeError);
}
