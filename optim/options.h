// Checks of options, each with its sentence.
#pragma once

#include <cmath>

#include "../core/error.h"

namespace temper::inline TEMPER_PRECISION {

// Throws ShapeError unless 0 <= value < ∞; NaN is refused too.
inline void require_not_negative(const char* option, double value) {
  require(value >= 0 && std::isfinite(value), option, " must be a number >= 0, got ", value);
}

// Throws ShapeError unless 0 <= value < 1.
inline void require_below_one(const char* option, double value) {
  require(value >= 0 && value < 1, option, " must be in [0, 1), got ", value);
}

}  // namespace temper::inline TEMPER_PRECISION
