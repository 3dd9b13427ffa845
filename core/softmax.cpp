// Softmax and its logarithm, over the last axis.
#include "softmax.h"

#include "ops.h"

namespace temper {
constexpr std::size_t exp_work = 20;  // of one number

Tensor softmax(Tensor x) {
  Tensor y = make_result("softmax", x.shape, {&x});
  const std::size_t n = x.shape.columns();
  for_each_row(x.shape.rows(), exp_work * n, [=](std::size_t r) {
    const Real* in = x.data + r * n;
    Real* out = y.data + r * n;
    const Real m = max_range(0, n, [=](std::size_t i) { return in[i]; });
    run_range(0, n, [=](std::size_t i) { out[i] = fast::exp(in[i] - m); });
    const Real total = sum_range(0, n, [=](std::size_t i) { return out[i]; });
    run_range(0, n, [=](std::size_t i) { out[i] /= total; });
  });
  on_backward("softmax", y, [=] {  // dx = y (dy - Σ dy y)
    for_each_row(x.shape.rows(), exp_work * n, [=](std::size_t r) {
      const Real *p = y.data + r * n, *dy = y.grad + r * n;
      Real* dx = x.grad + r * n;
      const Real dot = sum_range(0, n, [=](std::size_t i) { return dy[i] * p[i]; });
      run_range(0, n, [=](std::size_t i) { dx[i] += p[i] * (dy[i] - dot); });
    });
  });
  return y;
}

Tensor log_softmax(Tensor x) {
  Tensor y = make_result("log_softmax", x.shape, {&x});
  const std::size_t n = x.shape.columns();
  for_each_row(x.shape.rows(), exp_work * n, [=](std::size_t r) {
    const Real* in = x.data + r * n;
    Real* out = y.data + r * n;
    const ExponentialSum sum = exponential_sum(in, n);
    const Real log_sum = fast::log1p(sum.rest);
    run_range(0, n, [=](std::size_t i) { out[i] = (in[i] - sum.max) - log_sum; });
  });
  on_backward("log_softmax", y, [=] {  // dx = dy - softmax(x) Σ dy
    for_each_row(x.shape.rows(), exp_work * n, [=](std::size_t r) {
      const Real *out = y.data + r * n, *dy = y.grad + r * n;
      Real* dx = x.grad + r * n;
      const Real total = sum_range(0, n, [=](std::size_t i) { return dy[i]; });
      run_range(0, n, [=](std::size_t i) { dx[i] += dy[i] - fast::exp(out[i]) * total; });
    });
  });
  return y;
}
}  // namespace temper
