// Mean squared error, for regression.
#pragma once

#include "reduction.h"

namespace temper {
// (x - t)² of every element: [...], [...] -> [...] for none, else a scalar (mean: over all
// elements). Both get a gradient. Throws ShapeError unless the shapes are equal.
inline Tensor mean_squared_error(Tensor x, Tensor targets, Reduction reduction = Reduction::mean) {
  require(x.shape == targets.shape, "mean_squared_error: ", x.shape, " and targets ", targets.shape,
          " must have equal shapes");
  return reduce(square(x - targets), reduction);
}
}  // namespace temper
