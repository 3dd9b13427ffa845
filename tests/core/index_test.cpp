// Moving numbers: reshape, rows, concat, embedding.
#include "tests/check.h"

using namespace temper;

TEST_CASE("reshape and rows share numbers and gradients") {
  const Parameter p = parameter({2, 3}, {1, 2, 3, 4, 5, 6});
  Tape tape;
  const Tensor x = tape.input(p), y = x * 1;
  CHECK(reshape(y, {3, 2}).data == y.data);
  CHECK(rows(y, 1, 2).data == y.data + 3);
  check_close(rows(y, 1, 2).values(), {4, 5, 6});
  CHECK(rows(y, 1, 1).shape == Shape{0, 3});
  gradients_match(
      [](auto in) {
        return reshape(in[0], {3, 2}) * reshape(in[0] * 2, {3, 2});
      },
      {{2, 3}});
  gradients_match([](auto in) { return rows(in[0], 1, 3) * rows(in[0], 0, 2); }, {{3, 2}});
}

TEST_CASE("concat along each axis") {
  const Parameter a = parameter({2, 1}, {1, 2}), b = parameter({2, 2}, {3, 4, 5, 6});
  Tape tape(Tape::Mode::infer);
  check_close(concat({tape.input(a), b}, 1).values(), {1, 3, 4, 2, 5, 6});
  check_close(concat({tape.input(b), b}, 0).values(), {3, 4, 5, 6, 3, 4, 5, 6});
  gradients_match([](auto x) { return concat({x[0], x[1], x[0]}, 1); }, {{2, 1, 2}, {2, 3, 2}});
  gradients_match([](auto x) { return concat(x, -1); }, {{2, 1}, {2, 3}});
}

TEST_CASE("embedding looks up rows; a row used twice gets both gradients") {
  const Parameter table = parameter({3, 2}, {1, 2, 3, 4, 5, 6});
  Tensor indices = parameter({4}, {2, 0, 2, 1});
  const Parameter keep = parameter({2, 2}, {2, 0, 2, 1});
  indices = keep;
  indices.grad = nullptr;
  Tape tape;
  const Tensor y = embedding(table, tape.input(indices));
  CHECK(y.shape == Shape{2, 2, 2});
  check_close(y.values(), {5, 6, 1, 2, 5, 6, 3, 4});
  tape.backward(sum(y));
  check_close(table.tensor().gradients(), {1, 1, 1, 1, 2, 2});
  gradients_match([indices](auto x) { return embedding(x[0], indices); }, {{3, 2}});
}

TEST_CASE("embedding does not read indices that are gone") {
  const Parameter table({2, 3}), indices = parameter({1}, {1});
  Tape tape;
  const Tensor old = tape.input(indices) * 1;
  tape.clear();
  CHECK_THROWS_WITH_AS(embedding(tape.input(table), old),
                       "tensor [1] is from a step the tape has cleared", ShapeError);
  CHECK_THROWS_WITH_AS(embedding(tape.input(table), Tensor{}),
                       "embedding: an input [] has no numbers", ShapeError);
}

TEST_CASE("wrong places are named") {
  const Parameter table({3, 2}), p({2, 3}), cube({2, 3, 1});
  Tape tape;
  const Tensor x = tape.input(p);
  CHECK_THROWS_WITH_AS(reshape(x, {4}), "reshape: [2, 3] does not fit [4]", ShapeError);
  CHECK_THROWS_WITH_AS(rows(x, 1, 3), "rows: 1 to 3 of [2, 3]", ShapeError);
  CHECK_THROWS_WITH_AS(concat({x, tape.input(table)}, 0),
                       "concat: [2, 3] and [3, 2] may differ in axis 0 only", ShapeError);
  CHECK_THROWS_WITH_AS(concat({x, cube}, 1),
                       "concat: [2, 3] and [2, 3, 1] may differ in axis 1 only", ShapeError);
  CHECK_THROWS_WITH_AS(concat({x}, 2), "concat: [2, 3] has no axis 2", ShapeError);
  CHECK_THROWS_WITH_AS(concat({}, 0), "concat: nothing to join", ShapeError);
  for (const double bad : {-1.0, 3.0, 0.5, not_a_number}) {
    const Parameter indices = parameter({2}, {0, bad});
    std::ostringstream message;
    message << "embedding: index[1] = " << bad << " is not a row of the table [3, 2]";
    CHECK_THROWS_WITH_AS(embedding(table, tape.input(indices)), message.str().c_str(), ShapeError);
  }
}
