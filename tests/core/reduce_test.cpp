// Sums, means, maxima and softmax by hand, and their gradients.
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

TEST_CASE("softmax and log_softmax by hand, at any offset") {
  for (const double offset : {0.0, 1e4, -1e4}) {
    const Parameter p = parameter({2, 2}, {offset + 2, offset - 1, offset, offset});
    Tape tape(Tape::Mode::infer);
    const double a = 1 / (1 + std::exp(-3.0));
    check_close(softmax(tape.input(p)).values(), {a, 1 - a, 0.5, 0.5});
    check_close(log_softmax(tape.input(p)).values(),
                {-0.0485873516, -3.0485873516, -std::log(2), -std::log(2)});
  }
}

TEST_CASE("log_softmax keeps the digits of a probability that is nearly 1") {
  const Parameter x = parameter({2, 3}, {20, 0, -10, 5, 5, 5});
  Tape tape(Tape::Mode::infer);
  const Tensor y = log_softmax(tape.input(x));
  const double rest = std::exp(-20.0) + std::exp(-30.0);
  CHECK(y.data[0] == doctest::Approx(-std::log1p(rest)).epsilon(is_double ? 1e-12 : 1e-6));
  check_close(y.values().subspan(3), {-std::log(3.0), -std::log(3.0), -std::log(3.0)});
}

TEST_CASE("softmax of a logit at -inf is 0, of NaN is NaN") {
  const Parameter p = parameter({2, 3}, {0, -infinity, 0, not_a_number, 0, 0});
  Tape tape(Tape::Mode::infer);
  check_close(softmax(tape.input(p)).values(),
              {0.5, 0, 0.5, not_a_number, not_a_number, not_a_number});
  check_close(rows(log_softmax(tape.input(p)), 0, 1).values(),
              {-std::log(2), -infinity, -std::log(2)});
}

TEST_CASE("gradients of softmax and log_softmax") {
  for (const Shape& shape : {Shape{3, 4}, Shape{2, 2, 5}, Shape{37}, Shape{2, 1}}) {
    gradients_match([](auto x) { return softmax(x[0]); }, {shape});
    gradients_match([](auto x) { return log_softmax(x[0]); }, {shape});
  }
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
