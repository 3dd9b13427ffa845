// Mean squared error, for regression.
#pragma once

#include "../core/tensor.h"
#include "reduction.h"

namespace temper::inline TEMPER_PRECISION {

struct MeanSquaredErrorOptions {
  Reduction reduction = Reduction::mean;
};

// (x - t)² of every element: [...], [...] -> [...] for none, else a scalar (mean: over all
// elements). Both get a gradient. Throws ShapeError unless the shapes are equal.
Tensor mean_squared_error(Tensor x, Tensor targets, const MeanSquaredErrorOptions& options = {});

}  // namespace temper::inline TEMPER_PRECISION
