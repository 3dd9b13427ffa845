// Mean squared error.
#include "mse.h"

#include "elementwise_loss.h"

namespace temper::inline TEMPER_PRECISION {

Tensor mean_squared_error(Tensor x, Tensor targets, const MeanSquaredErrorOptions& options) {
  require(x.shape == targets.shape, "mean_squared_error: ", x.shape, " and targets ", targets.shape,
          " must have equal shapes");
  return elementwise_loss(
      "mean_squared_error", x, targets, options.reduction,
      [](Real x, Real t) { return (x - t) * (x - t); }, [](Real x, Real t) { return 2 * (x - t); },
      [](Real x, Real t) { return 2 * (t - x); });
}

}  // namespace temper::inline TEMPER_PRECISION
