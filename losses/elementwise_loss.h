// The pattern of every loss that compares two tensors number by number.
#pragma once

#include <algorithm>

#include "../core/parallel.h"
#include "../core/tape.h"
#include "reduction.h"

namespace temper::inline TEMPER_PRECISION {

// loss(x, t) of every element, then reduced: [...] for none, else a scalar; the mean of no elements
// is 0. dx(x, t) and dt(x, t) are the derivatives of the loss of one element.
template <class Loss, class DerivativeX, class DerivativeT>
Tensor elementwise_loss(const char* op, Tensor x, Tensor t, Reduction reduction, Loss loss,
                        DerivativeX dx, DerivativeT dt) {
  const std::size_t n = x.size();
  const bool none = reduction == Reduction::none;
  const double scale =
      reduction == Reduction::mean ? 1 / static_cast<double>(std::max(n, std::size_t{1})) : 1;
  Tensor y = make_result(op, none ? x.shape : Shape{}, {x, t});
  const auto f = [=](std::size_t i) { return loss(x.data[i], t.data[i]); };
  if (none) {
    for_each_index(n, [=](std::size_t i) { y.data[i] = f(i); });
  } else {
    y.data[0] = static_cast<Real>(scale * parallel_sum(n, f));
  }
  on_backward(op, y, [=, scale = static_cast<Real>(scale)] {
    const auto add = [=](Real* gradient, auto derivative) {
      if (gradient == nullptr) return;
      for_each_index(n, [=](std::size_t i) {
        gradient[i] += scale * y.grad[none ? i : 0] * derivative(x.data[i], t.data[i]);
      });
    };
    add(x.grad, dx);
    add(t.grad, dt);
  });
  return y;
}

}  // namespace temper::inline TEMPER_PRECISION
