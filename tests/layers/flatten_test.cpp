#include "layers/flatten.h"

#include "tests/layers/check_layer.h"

using namespace temper;

TEST_CASE("Flatten makes one row of each sample") {
  const Parameter x = parameter({2, 1, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  Flatten layer;
  Tape tape(Tape::Mode::infer);
  const Tensor y = layer.forward(tape.input(x));
  CHECK(y.shape == Shape{2, 4});
  check_close(y.values(), {1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(layer.forward(tape.input(Parameter({3, 5}))).shape == Shape{3, 5});
  CHECK(layer.forward(tape.input(Parameter({3}))).shape == Shape{3, 1});
  CHECK(layer.forward(tape.input(Parameter({0, 2, 3}))).shape == Shape{0, 6});
  check_gradients(layer, {2, 3, 2});
}

TEST_CASE("Flatten says what is wrong") {
  Tape tape;
  CHECK_THROWS_WITH_AS(Flatten().forward(tape.input(Parameter(Shape{}))),
                       "Flatten: a batch [n, ...] is needed, got []", ShapeError);
  Real number[1] = {};  // nothing reads it
  CHECK_THROWS_WITH_AS(Flatten().forward(tape.input({.shape = {1, 65536, 65536}, .data = number})),
                       "shape: an axis cannot have length 4294967296 (0..2147483647)", ShapeError);
}
