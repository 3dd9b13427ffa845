// The patterns of the elementwise ops: a function of one number, or of two, and its derivatives.
#pragma once

#include "parallel.h"
#include "tape.h"

namespace temper {
// y[i] = f(x[i]); derivative(x, y) is dy/dx.
Tensor elementwise(const char* op, Tensor x, auto f, auto derivative) {
  Tensor y = make_result(op, x.shape, {&x});
  const Real* in = x.data;
  Real* out = y.data;
  for_each_index(x.size(), [=](std::size_t i) { out[i] = f(in[i]); });
  on_backward(op, y, [=, n = x.size(), dx = x.grad, dy = y.grad] {
    for_each_index(n, [=](std::size_t i) { dx[i] += dy[i] * derivative(in[i], out[i]); });
  });
  return y;
}

// y = f(a, b) for equal shapes, or for every row of a with one row b; da is dy/da, db dy/db.
Tensor elementwise(const char* op, Tensor a, Tensor b, auto f, auto da, auto db) {
  const bool row = a.shape != b.shape;
  require(!row || (b.shape.rank() == 1 && a.shape.rank() > 1 && b.shape[0] == a.shape[-1]), op,
          ": ", a.shape, " and ", b.shape,
          ": shapes must be equal, or the right one a row as long as the left one's last axis");
  Tensor y = make_result(op, a.shape, {&a, &b});
  const std::size_t n = row ? a.shape.rows() : 1, columns = b.size();
  // g(i, j): every element i = r · columns + j of a with its partner j of b
  const auto for_each_pair = [=](auto g) {
    if (n == 1) return for_each_index(columns, [=](auto j) { g(j, j); });
    for_each_row(n, columns,
                 [=](auto r) { run_range(0, columns, [=](auto j) { g(r * columns + j, j); }); });
  };
  for_each_pair([=](auto i, auto j) { y.data[i] = f(a.data[i], b.data[j]); });
  on_backward(op, y, [=] {
    if (a.grad != nullptr)
      for_each_pair([=](auto i, auto j) { a.grad[i] += y.grad[i] * da(a.data[i], b.data[j]); });
    if (b.grad != nullptr)
      sum_rows(n, columns, b.grad, [=](auto r, auto j) {
        return y.grad[r * columns + j] * db(a.data[r * columns + j], b.data[j]);
      });
  });
  return y;
}
}  // namespace temper
