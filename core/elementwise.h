// The pattern of every elementwise op: a function of one number and its derivative.
#pragma once

#include "parallel.h"
#include "tape.h"

namespace temper::inline TEMPER_PRECISION {

// y[i] = f(x[i]); derivative(x, y) is dy/dx.
template <class Function, class Derivative>
Tensor elementwise(const char* op, Tensor x, Function f, Derivative derivative) {
  Tensor y = make_result(op, x.shape, {x});
  for_each_index(x.size(), [=](std::size_t i) { y.data[i] = f(x.data[i]); });
  on_backward(op, y, [=] {
    for_each_index(x.size(), [=](std::size_t i) {
      x.grad[i] += y.grad[i] * derivative(x.data[i], y.data[i]);
    });
  });
  return y;
}

}  // namespace temper::inline TEMPER_PRECISION
