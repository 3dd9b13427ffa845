// Logits, and probabilities that stand for a label: whether they have the right shape, whether they
// are a distribution, and what is said if not.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>

#include "../core/real.h"
#include "../core/shape.h"

namespace temper {
// Throws ShapeError unless these are logits of rows, [n, classes].
inline void check_logits(const char* caller, const Shape& logits) {
  require(logits.rank() == 2 && logits[1] > 0, caller, ": logits must be [n, classes], they are ",
          logits);
}

// How far a row of probabilities may be from a sum of 1.
inline constexpr Real row_sum_tolerance = Real(1e-3);

// Whether these are finite, not negative and have the sum 1.
inline bool is_distribution(std::span<const Real> t) {
  double sum = 0;
  for (const Real x : t) sum += x >= 0 ? static_cast<double>(x) : std::nan("");
  return std::abs(sum - 1) <= double{row_sum_tolerance};
}

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

// Throws ShapeError unless each row of the matrix, classes x classes, is a distribution.
inline void check_matrix(const char* op, std::span<const Real> matrix, std::size_t classes) {
  require(matrix.size() == classes * classes, op, ": the matrix has ", matrix.size(),
          " entries, expected ", classes, " x ", classes);
  for (std::size_t y = 0; y < classes; ++y)
    if (const auto row = matrix.subspan(y * classes, classes); !is_distribution(row))
      fail_target(op, text("row ", y, " of the matrix"), row.data(), classes);
}
}  // namespace temper
