// The op layer_norm: rows are its groups, and columns have weights.
#include "layer_norm.h"

#include "kernels/normalize.h"

namespace temper {
static void check(double epsilon) {
  require(epsilon >= 0 && std::isfinite(epsilon), "layer_norm: epsilon must be a number >= 0, got ",
          epsilon);
}

Tensor layer_norm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
  require(x.shape.rank() >= 1 && weight.shape == Shape{x.shape[-1]} && bias.shape == weight.shape,
          "layer_norm: x ", x.shape, ", weight ", weight.shape, ", bias ", bias.shape,
          ": weight and bias must be as long as the last axis of x");
  check(epsilon);
  Tensor y = make_result("layer_norm", x.shape, {&x, &weight, &bias});
  const std::size_t n = x.shape.rows(), d = x.shape.columns();
  const Groups<Real> rows{1, n, d};
  Real* mean = y.tape->result(x.shape.with(-1, 1), false).data;
  Real* scale = y.tape->result(x.shape.with(-1, 1), false).data;
  const auto factor = [=](auto k) { return scale[k]; };
  const auto w = [=, w = weight.data](auto k, auto i) { return w[i - k * d]; };
  const auto b = [=, b = bias.data](auto k, auto i) { return b[i - k * d]; };
  normalize(rows, x.data, y.data, mean, scale, false, epsilon, factor, w, b, [](auto...) {});
  on_backward("layer_norm", y, [=, x_data = x.data, dy = y.grad] {
    if (x.grad != nullptr)
      normalize_backward(rows, x, dy, mean, scale, false, factor, w, [](auto...) {});
    if (weight.grad != nullptr)
      sum_rows(n, d, weight.grad, [=](auto k, auto j) {
        return dy[k * d + j] * (x_data[k * d + j] - mean[k]) * scale[k];
      });
    if (bias.grad != nullptr)
      sum_rows(n, d, bias.grad, [=](auto k, auto j) { return dy[k * d + j]; });
  });
  return y;
}

LayerNorm::LayerNorm(int features, double epsilon) : epsilon_(epsilon) {
  require(features >= 1, "LayerNorm: features must be at least 1, got ", features);
  check(epsilon);
  for (Parameter* p : {&weight_, &bias_}) *p = Parameter({features});
  std::ranges::fill(weight_.tensor().values(), Real(1));
}
}  // namespace temper
