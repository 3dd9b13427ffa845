// Products of matrices: matmul and linear.
#include "blas.h"
#include "ops.h"
#include "parallel.h"

namespace temper {
Tensor matmul(Tensor a, Tensor b, MatmulOptions options) {
  require(a.shape.rank() == 2 && b.shape.rank() == 2, "matmul: ", a.shape, " times ", b.shape,
          ": two matrices are needed");
  const auto seen = [](Matrix m, bool transposed) { return transposed ? transpose(m) : m; };
  Matrix A = seen(value(a), options.transpose_a), B = seen(value(b), options.transpose_b);
  require(A.cols == B.rows, "matmul: ", a.shape, options.transpose_a ? "ᵀ" : "", " times ", b.shape,
          options.transpose_b ? "ᵀ" : "", ": inner dimensions differ");
  Tensor c = make_result("matmul", {A.rows, B.cols}, {&a, &b});
  A.data = a.data, B.data = b.data;        // which may be copies by now
  std::fill_n(c.data, c.size(), Real(0));  // zero and add is faster than BLAS's β = 0
  multiply_add(A, B, value(c));
  on_backward("matmul", c, [=] {
    const Matrix dC = gradient(c);
    if (a.grad != nullptr)  // dA += dC Bᵀ
      multiply_add(dC, transpose(B), seen(gradient(a), options.transpose_a));
    if (b.grad != nullptr)  // dB += Aᵀ dC
      multiply_add(transpose(A), dC, seen(gradient(b), options.transpose_b));
  });
  return c;
}

Tensor linear(Tensor x, Tensor weight, Tensor bias) {
  const bool has_bias = bias.data != nullptr;
  require(weight.shape.rank() == 2 && x.shape.rank() >= 1 && x.shape[-1] == weight.shape[1],
          "linear: x ", x.shape, ", weight ", weight.shape,
          ": the last axis of x must be as long as a row of the weight");
  const int out = weight.shape[0];
  require(!has_bias || bias.shape == Shape{out}, "linear: weight ", weight.shape, ", bias ",
          bias.shape, ": one bias per output is needed");
  Tensor y = make_result("linear", x.shape.with(x.shape.rank() - 1, out),
                         {&x, &weight, has_bias ? &bias : nullptr});
  const std::size_t n = y.shape.rows(), columns = y.shape.columns();
  if (has_bias)
    for (std::size_t i = 0; i < n; ++i) std::copy_n(bias.data, columns, y.data + i * columns);
  else
    std::fill_n(y.data, y.size(), Real(0));
  multiply_add(value(x), transpose(value(weight)), value(y));
  on_backward("linear", y, [=] {
    if (x.grad != nullptr) multiply_add(gradient(y), value(weight), gradient(x));  // dx += dy W
    if (weight.grad != nullptr)
      multiply_add(transpose(gradient(y)), value(x), gradient(weight));  // dW += dyᵀ x
    if (bias.grad != nullptr)                                            // db += Σ rows of dy
      sum_rows(n, columns, bias.grad, [=](auto i, auto j) { return y.grad[i * columns + j]; });
  });
  return y;
}
}  // namespace temper
