#include "layers/linear.h"

#include "tests/layers/check_layer.h"

using namespace temper;

namespace {
void set(Tensor t, std::initializer_list<double> numbers) {
  REQUIRE(numbers.size() == t.size());
  std::ranges::transform(numbers, t.data, [](double x) { return static_cast<Real>(x); });
}
}  // namespace

TEST_CASE("Linear computes x Wᵀ + b") {
  Rng rng(1);
  Linear layer(2, 3, rng);
  const Parameters parameters = layer.parameters();
  REQUIRE(parameters.size() == 2);
  CHECK(parameters[0].name == "weight");
  CHECK(parameters[0].tensor.shape == Shape{3, 2});
  CHECK(parameters[1].name == "bias");
  CHECK(parameters[1].tensor.shape == Shape{3});
  set(parameters[0].tensor, {1, 2, 3, 4, 5, 6});
  set(parameters[1].tensor, {0.5, 0, -0.5});
  const Parameter x = parameter({2, 2}, {1, 10, -1, 0});
  Tape tape(Tape::Mode::infer);
  const Tensor y = layer.forward(tape.input(x));
  CHECK(y.shape == Shape{2, 3});
  check_close(y.values(), {21.5, 43, 64.5, -0.5, -3, -5.5});
}

TEST_CASE("Linear works on the last axis of any shape") {
  Rng rng(1);
  Linear layer(4, 3, rng);
  Tape tape(Tape::Mode::infer);
  CHECK(layer.forward(tape.input(Parameter({4}))).shape == Shape{3});
  CHECK(layer.forward(tape.input(Parameter({2, 5, 4}))).shape == Shape{2, 5, 3});
}

TEST_CASE("Linear without a bias has one parameter") {
  Rng rng(1);
  Linear layer(2, 1, rng, {.bias = false});
  REQUIRE(layer.parameters().size() == 1);
  CHECK(layer.parameters()[0].name == "weight");
  set(layer.parameters()[0].tensor, {3, 4});
  const Parameter x = parameter({1, 2}, {1, 2});
  Tape tape(Tape::Mode::infer);
  check_close(layer.forward(tape.input(x)).values(), {11});
  check_gradients(layer, {3, 2});
}

TEST_CASE("Linear: gradients") {
  Rng rng(1);
  Linear layer(4, 3, rng);
  check_gradients(layer, {5, 4});
  check_gradients(layer, {2, 3, 4});
}

TEST_CASE("Linear starts from what .init says") {
  Rng rng(1);
  Linear layer(2, 2, rng, {.init = constant(0.25)});
  check_close(layer.parameters()[0].tensor.values(), {0.25, 0.25, 0.25, 0.25});
}

TEST_CASE("the same seed gives the same Linear, the next draw another one") {
  const auto weights = [](Rng& rng) {
    const Linear layer(10, 10, rng);
    const auto values = layer.parameters()[0].tensor.values();
    return std::vector<Real>(values.begin(), values.end());
  };
  Rng first(42), second(42), other(43);
  const std::vector<Real> expected = weights(first);
  CHECK(weights(second) == expected);
  CHECK(weights(first) != expected);
  CHECK(weights(other) != expected);
}

TEST_CASE("Linear keeps its parameters in place when it moves") {
  Rng rng(1);
  Linear layer(2, 2, rng);
  const Real* before = layer.parameters()[0].tensor.data;
  const Linear moved = std::move(layer);
  CHECK(moved.parameters()[0].tensor.data == before);
}

TEST_CASE("Linear says what is wrong") {
  Rng rng(1);
  CHECK_THROWS_WITH_AS(Linear(0, 3, rng), "Linear: in and out must be at least 1, got 0 and 3",
                       ShapeError);
  CHECK_THROWS_WITH_AS(Linear(3, -1, rng), "Linear: in and out must be at least 1, got 3 and -1",
                       ShapeError);
  Linear layer(4, 3, rng);
  CHECK(layer.name() == "Linear(4, 3)");
  Tape tape;
  CHECK_THROWS_WITH_AS(
      layer.forward(tape.input(Parameter({2, 5}))),
      "linear: x [2, 5], weight [3, 4]: the last axis of x must be as long as a row of the weight",
      ShapeError);
}
