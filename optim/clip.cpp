#include "clip.h"

#include "../core/parallel.h"

namespace temper {
// Replaces every number g of the gradients by f(g).
static void map_gradients(const Optimizer& optimizer, auto f) {
  for (const NamedTensor& p : optimizer.parameters())
    if (p.trained())
      for_each_index(p.tensor.size(), [=, g = p.tensor.grad](std::size_t i) { g[i] = f(g[i]); });
}

double clip_grad_norm(const Optimizer& optimizer, double max_norm) {
  require_not_negative("clip_grad_norm", "max_norm", max_norm);
  double squares = 0;
  for (const NamedTensor& p : optimizer.parameters()) {
    if (!p.trained()) continue;
    // in double: the square of a large float, which is what clipping is for, overflows a float
    const double sum = parallel_sum(p.tensor.size(), [g = p.tensor.grad](std::size_t i) {
      return static_cast<double>(g[i]) * static_cast<double>(g[i]);
    });
    if (!std::isfinite(sum))
      fail<NumericError>("clip_grad_norm: the gradient of ", p.name, " ", p.tensor.shape,
                         " has no finite norm");
    squares += sum;
  }
  const double norm = std::sqrt(squares), scale = max_norm / (norm + 1e-6);
  if (scale < 1) map_gradients(optimizer, [s = static_cast<Real>(scale)](Real g) { return s * g; });
  return norm;
}

void clip_grad_value(const Optimizer& optimizer, double limit) {
  require_not_negative("clip_grad_value", "limit", limit);
  map_gradients(optimizer, [high = static_cast<Real>(limit)](Real g) {
    return g > high ? high : g < -high ? -high : g;
  });
}
}  // namespace temper
