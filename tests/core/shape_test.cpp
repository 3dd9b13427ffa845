// Shape: where sizes are computed, and what does not fit.
#include "core/shape.h"

#include "core/blas.h"
#include "tests/check.h"

using namespace temper;

TEST_CASE("a length that is no int is refused, from whatever integer") {
  CHECK(Shape{2147483647}.size() == 2147483647);
  const std::int64_t long_axis = std::int64_t{1} << 31;
  const auto sentence = "shape: an axis cannot have length 2147483648 (0..2147483647)";
  CHECK_THROWS_WITH_AS(Shape{long_axis}, sentence, ShapeError);
  CHECK_THROWS_WITH_AS((Shape{2, 3}.with(1, long_axis)), sentence, ShapeError);
  CHECK_THROWS_WITH_AS((Shape{2, 3}.batched(long_axis)), sentence, ShapeError);
  CHECK_THROWS_WITH_AS((Shape{2, 3}.with(0, -1)),
                       "shape: an axis cannot have length -1 (0..2147483647)", ShapeError);
}

TEST_CASE("a number of elements that would wrap is refused") {
  CHECK(Shape{1 << 30, 1 << 30}.size() == std::size_t{1} << 60);
  CHECK_THROWS_WITH_AS((Shape{65536, 65536, 65536, 65536}),
                       "shape: [65536, 65536, 65536, 65536] has more than 2^60 elements",
                       ShapeError);
  CHECK_THROWS_AS((Shape{1 << 30, 1 << 30, 2}), ShapeError);
  CHECK_THROWS_AS((Shape{1 << 30, 1 << 30}.batched(2)), ShapeError);
  CHECK_THROWS_AS((Shape{1 << 30, 1 << 30, 1}.with(2, 2)), ShapeError);
  // without an axis of length 0 there would be too many
  CHECK_THROWS_AS((Shape{0, 1 << 30, 1 << 30, 2}), ShapeError);
  CHECK(Shape{0, 1 << 30, 1 << 30}.without(0).size() == std::size_t{1} << 60);
}

TEST_CASE("ops refuse results whose lengths do not fit, before they touch a number") {
  Real number[1] = {};  // nothing reads it
  Tape tape;
  const auto huge = [&](Shape shape) { return tape.input({.shape = shape, .data = number}); };
  const Tensor wide = huge({2, 1 << 30});
  CHECK_THROWS_WITH_AS(concat({wide, wide}, 1),
                       "shape: an axis cannot have length 2147483648 (0..2147483647)", ShapeError);
  CHECK_THROWS_AS(max(wide), ShapeError);
  CHECK_THROWS_WITH_AS(value(huge({65536, 65536, 2})),
                       "multiply: [65536, 65536, 2] as a matrix has more than 2^31 - 512 rows or "
                       "columns",
                       ShapeError);
  CHECK_THROWS_AS(value(huge({2147483647})), ShapeError);
  CHECK_THROWS_AS(rows(wide, 0, std::int64_t{1} << 32), ShapeError);
  CHECK_THROWS_AS(rows(wide, std::int64_t{1} << 32, std::int64_t{1} << 32), ShapeError);
}
