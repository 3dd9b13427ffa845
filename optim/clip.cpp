#include "clip.h"

#include <algorithm>
#include <cmath>

#include "../core/parallel.h"
#include "../core/tape.h"

namespace temper {
// Calls f(p) for every parameter that is trained, and only for the first of those that share their
// memory (tied weights).
template <class F>
static void for_each_trained(const Parameters& parameters, F f) {
  for (auto p = parameters.begin(); p != parameters.end(); ++p) {
    const auto is_same = [&](const NamedTensor& other) {
      return other.trained() && other.tensor.data == p->tensor.data;
    };
    if (p->trained() && std::none_of(parameters.begin(), p, is_same)) f(*p);
  }
}

// Replaces every number g of the gradients by f(g).
template <class F>
static void map_gradients(const Parameters& parameters, F f) {
  for_each_trained(parameters, [=](const NamedTensor& p) {
    for_each_index(p.tensor.size(), [=, g = p.tensor.grad](std::size_t i) { g[i] = f(g[i]); });
  });
}

double clip_grad_norm(const Parameters& parameters, double max_norm) {
  require_not_negative("clip_grad_norm", "max_norm", max_norm);
  double squares = 0;
  for_each_trained(parameters, [&](const NamedTensor& p) {
    // in double: the square of a large float, which is what clipping is for, overflows a float
    const double sum = parallel_sum(p.tensor.size(), [g = p.tensor.grad](std::size_t i) {
      return static_cast<double>(g[i]) * static_cast<double>(g[i]);
    });
    if (!std::isfinite(sum))
      fail<NumericError>("clip_grad_norm: the gradient of ", p.name, " ", p.tensor.shape,
                         " has no finite norm");
    squares += sum;
  });
  const double norm = std::sqrt(squares), scale = max_norm / (norm + 1e-6);
  if (scale < 1)
    map_gradients(parameters, [s = static_cast<Real>(scale)](Real g) { return s * g; });
  return norm;
}

void clip_grad_value(const Parameters& parameters, double limit) {
  require_not_negative("clip_grad_value", "limit", limit);
  map_gradients(parameters, [high = static_cast<Real>(limit)](Real g) {
    return g > high ? high : g < -high ? -high : g;
  });
}

double clip_grad_norm(const Optimizer& optimizer, double max_norm) {
  return clip_grad_norm(optimizer.parameters(), max_norm);
}

void clip_grad_value(const Optimizer& optimizer, double limit) {
  clip_grad_value(optimizer.parameters(), limit);
}
}  // namespace temper
