// Sums, means and maxima by hand, and their gradients.
#include <omp.h>

#include "tests/check.h"

using namespace temper;

TEST_CASE("sum, mean and max over all and over each axis") {
  const Parameter p = parameter({2, 3}, {1, 2, 3, -4, 5, 60});
  Tape tape(Tape::Mode::infer);
  const Tensor x = tape.input(p);
  CHECK(sum(x).shape == Shape{});
  CHECK(sum(x).item() == 67);
  CHECK(max(x).item() == 60);
  check_close(mean(x).values(), {67.0 / 6});
  check_close(sum(x, 0).values(), {-3, 7, 63});
  check_close(sum(x, 1).values(), {6, 61});
  check_close(sum(x, -1).values(), {6, 61});
  check_close(mean(x, 0).values(), {-1.5, 3.5, 31.5});
  check_close(max(x, 0).values(), {1, 5, 60});
  check_close(max(x, 1).values(), {3, 60});
  CHECK(sum(x, 0).shape == Shape{3});
}

TEST_CASE("reductions over the middle axis") {
  const Parameter p = parameter({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  Tape tape(Tape::Mode::infer);
  check_close(sum(tape.input(p), 1).values(), {4, 6, 12, 14});
  check_close(max(tape.input(p), 1).values(), {3, 4, 7, 8});
}

TEST_CASE("gradients of reductions") {
  gradients_match([](auto x) { return sum(x[0]); }, {{2, 3}});
  gradients_match([](auto x) { return mean(x[0]); }, {{2, 3}});
  gradients_match([](auto x) { return max(x[0]); }, {{2, 3}});
  for (const int axis : {0, 1, 2, -1}) {
    gradients_match([axis](auto x) { return sum(x[0], axis); }, {{2, 3, 4}});
    gradients_match([axis](auto x) { return mean(square(x[0]), axis); }, {{2, 3, 4}});
    gradients_match([axis](auto x) { return max(x[0], axis); }, {{2, 3, 4}});
  }
}

TEST_CASE("max: NaN is not hidden, and the first of equals gets the gradient") {
  const Parameter bad = parameter({3}, {1, not_a_number, 3}), equal = parameter({3}, {2, 2, 1});
  Tape tape;
  check_close(max(tape.input(bad)).values(), {not_a_number});
  tape.backward(max(tape.input(equal)));
  check_close(equal.tensor().gradients(), {1, 0, 0});
}

TEST_CASE(
    "sums of many numbers are exact to the last digits and the same at any number of threads") {
  const int threads = omp_get_max_threads();
  Rng rng(2);
  const Parameter p = random_parameter({1'000'003}, rng);
  long double exact = 0;
  for (const Real x : p.tensor().values()) exact += x;
  std::vector<Real> found;
  for (const int count : {1, 2, 3, 8}) {
    omp_set_num_threads(count);
    Tape tape(Tape::Mode::infer);
    found.push_back(sum(tape.input(p)).item());
  }
  omp_set_num_threads(threads);
  CHECK(std::abs(static_cast<double>(found[0] - exact)) < (is_double ? 1e-8 : 1e-2));
  CHECK(std::ranges::count(found, found[0]) == 4);
}

TEST_CASE("a reduction over what is not there is named") {
  const Parameter empty({0, 3}), p({2, 3});
  Tape tape;
  CHECK_THROWS_WITH_AS(sum(tape.input(p), 2), "sum: [2, 3] has no axis 2", ShapeError);
  CHECK_THROWS_WITH_AS(max(tape.input(empty), 0), "max: axis 0 of [0, 3] has no elements",
                       ShapeError);
  CHECK_THROWS_WITH_AS(mean(tape.input(empty)), "mean: [0, 3] has no elements", ShapeError);
  CHECK_THROWS_WITH_AS(mean(tape.input(empty), 0), "mean: axis 0 of [0, 3] has no elements",
                       ShapeError);
  CHECK(sum(tape.input(empty)).item() == 0);
}
