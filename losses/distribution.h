// Logits, and probabilities that stand for a label: their checks.
#pragma once

#include <cmath>

#include "../core/tensor.h"

namespace temper {
// Throws ShapeError unless these are logits of rows, [n, classes].
inline void check_logits(const char* op, const Shape& z) {
  require(z.rank() == 2 && z[1] > 0, op, ": logits must be [n, classes], they are ", z);
}

// How far the sum of a row of probabilities may be from 1.
inline constexpr Real row_sum_tolerance = Real(1e-3);

// Says what is wrong with a target whose probabilities are t[0], t[stride], t[2 stride] …
[[noreturn]] inline void fail_target(const char* op, const std::string& which, const Real* t,
                                     std::size_t classes, std::size_t stride = 1) {
  double sum = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    const Real x = t[c * stride];
    require(x >= 0 && std::isfinite(x), op, ": ", which, " has ", x, " for class ", c,
            ", expected a probability");
    sum += static_cast<double>(x);
  }
  fail<ShapeError>(op, ": ", which, " sums to ", sum, ", expected 1");
}

// Throws ShapeError, naming t by the parts of `which`, unless it is finite, >= 0 and has the sum 1.
void check_distribution(const char* op, std::span<const Real> t, const auto&... which) {
  double sum = 0;
  for (const Real x : t) sum += x >= 0 ? static_cast<double>(x) : std::nan("");
  if (!(std::abs(sum - 1) <= double{row_sum_tolerance}))
    fail_target(op, to_string(which...), t.data(), t.size());
}

// Throws ShapeError unless each row of the matrix, classes x classes, is a distribution.
inline void check_matrix(const char* op, std::span<const Real> matrix, std::size_t classes) {
  require(matrix.size() == classes * classes, op, ": the matrix has ", matrix.size(),
          " entries, expected ", classes, " x ", classes);
  for (std::size_t y = 0; y < classes; ++y)
    check_distribution(op, matrix.subspan(y * classes, classes), "row ", y, " of the matrix");
}
}  // namespace temper
