// The op layer_norm: rows are its groups.
#include "layer_norm.h"

#include <algorithm>
#include <cmath>

#include "normalize.h"

namespace temper {
Tensor layer_norm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
  require(x.shape.rank() >= 1 && weight.shape == Shape{x.shape[-1]} && bias.shape == weight.shape,
          "layer_norm: x ", x.shape, ", weight ", weight.shape, ", bias ", bias.shape,
          ": weight and bias must be as long as the last axis of x");
  Tensor y = make_result("layer_norm", x.shape, {x, weight, bias});
  normalize<false>("layer_norm", {1, x.shape.rows(), x.shape.columns()}, x, weight, bias, y,
                   epsilon, {}, {}, [](auto...) {});
  return y;
}

LayerNorm::LayerNorm(int features, double epsilon) : epsilon_(epsilon) {
  require(features >= 1, "LayerNorm: features must be at least 1, got ", features);
  require(epsilon >= 0 && std::isfinite(epsilon), "LayerNorm: epsilon must be a number >= 0, got ",
          epsilon);
  weight_ = Parameter({features});
  bias_ = Parameter({features});
  std::ranges::fill(weight_.tensor().values(), Real(1));
}
}  // namespace temper
