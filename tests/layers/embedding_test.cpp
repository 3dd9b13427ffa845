#include "layers/embedding.h"

#include "tests/layers/check_layer.h"

using namespace temper;

TEST_CASE("Embedding gives a row of its weight for every index") {
  Rng rng(1);
  Embedding layer(5, 3, rng);
  CHECK(layer.name() == "Embedding(5, 3)");
  REQUIRE(layer.parameters().size() == 1);
  CHECK(layer.parameters()[0].name == "weight");
  const Tensor weight = layer.parameters()[0].tensor;
  CHECK(weight.shape == Shape{5, 3});
  const Parameter indices = parameter({2, 2}, {4, 0, 4, 2});
  Tensor x = indices;
  x.grad = nullptr;
  Tape tape;
  const Tensor y = layer.forward(tape.input(x));
  CHECK(y.shape == Shape{2, 2, 3});
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 3; ++j)
      CHECK(y.data[3 * i + j] == weight.data[3 * static_cast<int>(x.data[i]) + j]);
  tape.backward(sum(y));  // each row as often as it was looked up
  check_close(weight.gradients(), {1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 2, 2, 2});
}

TEST_CASE("Embedding starts from N(0, 1)") {
  Rng rng(1);
  const Embedding layer(1000, 100, rng);
  double sum = 0, squares = 0;
  for (Real w : layer.parameters()[0].tensor.values()) {
    sum += w;
    squares += static_cast<double>(w) * w;
  }
  CHECK(std::abs(sum / 1e5) < 5 / std::sqrt(1e5));
  CHECK(std::abs(squares / 1e5 - 1) < 5 * std::sqrt(2 / 1e5));
}

TEST_CASE("Embedding says what is wrong") {
  Rng rng(1);
  CHECK_THROWS_WITH_AS(Embedding(0, 3, rng),
                       "Embedding: rows and width must be at least 1, got 0 and 3", ShapeError);
  Embedding layer(5, 3, rng);
  Tape tape;
  const Parameter above = parameter({2}, {1, 5}), below = parameter({1}, {-1}),
                  between = parameter({1}, {0.5});
  CHECK_THROWS_WITH_AS(layer.forward(tape.input(above)),
                       "embedding: index[1] = 5 is not a row of the table [5, 3]", ShapeError);
  CHECK_THROWS_WITH_AS(layer.forward(tape.input(below)),
                       "embedding: index[0] = -1 is not a row of the table [5, 3]", ShapeError);
  CHECK_THROWS_WITH_AS(layer.forward(tape.input(between)),
                       "embedding: index[0] = 0.5 is not a row of the table [5, 3]", ShapeError);
}
