// The op layer_norm and its gradient.
#include "layer_norm.h"

#include <algorithm>
#include <cmath>

#include "../core/parallel.h"

namespace temper {
Tensor layer_norm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
  require(x.shape.rank() >= 1 && weight.shape == Shape{x.shape[-1]} && bias.shape == weight.shape,
          "layer_norm: x ", x.shape, ", weight ", weight.shape, ", bias ", bias.shape,
          ": weight and bias must be as long as the last axis of x");
  const std::size_t n = x.shape.rows(), d = x.shape.columns();
  const auto length = static_cast<Real>(d);
  Tensor y = make_result("layer_norm", x.shape, {x, weight, bias});
  Real* mean = y.tape->result({static_cast<int>(n)}, false).data;
  Real* scale = y.tape->result({static_cast<int>(n)}, false).data;  // 1 / √(σ² + ε)
  for_each_row(n, 8 * d, [=](std::size_t r) {
    const Real* in = x.data + r * d;
    Real* out = y.data + r * d;
    const Real m = sum_range(0, d, [=](std::size_t i) { return in[i]; }) / length;
    const Real variance =
        sum_range(0, d, [=](std::size_t i) { return (in[i] - m) * (in[i] - m); }) / length;
    const Real s = 1 / std::sqrt(variance + static_cast<Real>(epsilon));
    run_range(0, d,
              [=](std::size_t i) { out[i] = (in[i] - m) * s * weight.data[i] + bias.data[i]; });
    mean[r] = m;
    scale[r] = s;
  });
  on_backward("layer_norm", y, [=] {
    if (x.grad != nullptr) {
      // g = dy w; μ and σ depend on all of the row: dx = s (g - mean(g) - x̂ mean(g x̂))
      for_each_row(n, 8 * d, [=](std::size_t r) {
        const Real *in = x.data + r * d, *dy = y.grad + r * d;
        Real* dx = x.grad + r * d;
        const Real m = mean[r], s = scale[r];
        const auto g = [=](std::size_t i) { return dy[i] * weight.data[i]; };
        const auto normal = [=](std::size_t i) { return (in[i] - m) * s; };
        const Real a = sum_range(0, d, g) / length;
        const Real b = sum_range(0, d, [=](std::size_t i) { return g(i) * normal(i); }) / length;
        run_range(0, d, [=](std::size_t i) { dx[i] += s * (g(i) - a - normal(i) * b); });
      });
    }
    // dw = Σ rows of dy x̂, db = Σ rows of dy: in order, so threads do not change the sums
    for_each_block(d, 64, n, [=](std::size_t begin, std::size_t end) {
      for (std::size_t r = 0; r < n; ++r) {
        const Real *in = x.data + r * d, *dy = y.grad + r * d;
        const Real m = mean[r], s = scale[r];
        if (weight.grad != nullptr)
          run_range(begin, end, [=](std::size_t i) { weight.grad[i] += dy[i] * (in[i] - m) * s; });
        if (bias.grad != nullptr)
          run_range(begin, end, [=](std::size_t i) { bias.grad[i] += dy[i]; });
      }
    });
  });
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
