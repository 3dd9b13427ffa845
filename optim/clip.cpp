// The two ways to limit gradients.
#include "clip.h"

#include <cmath>

#include "../core/parallel.h"
#include "../core/tape.h"
#include "options.h"
#include "trained.h"

namespace temper::inline TEMPER_PRECISION {

double clip_grad_norm(const Parameters& parameters, double max_norm) {
  require_not_negative("clip_grad_norm: max_norm", max_norm);
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
  const double norm = std::sqrt(squares);
  const double scale = max_norm / (norm + 1e-6);
  if (scale < 1) {
    for_each_trained(parameters, [=](const NamedTensor& p) {
      for_each_index(p.tensor.size(), [g = p.tensor.grad,
                                       s = static_cast<Real>(scale)](std::size_t i) { g[i] *= s; });
    });
  }
  return norm;
}

void clip_grad_value(const Parameters& parameters, double limit) {
  require_not_negative("clip_grad_value: limit", limit);
  for_each_trained(parameters, [=](const NamedTensor& p) {
    for_each_index(p.tensor.size(),
                   [g = p.tensor.grad, high = static_cast<Real>(limit)](std::size_t i) {
                     g[i] = g[i] > high ? high : g[i] < -high ? -high : g[i];
                   });
  });
}

}  // namespace temper::inline TEMPER_PRECISION
