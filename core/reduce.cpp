// Reductions: sums, means, maxima, and the normalisations softmax and log_softmax that need them.
#include <cmath>

#include "fast_math.h"
#include "ops.h"
#include "parallel.h"

namespace temper {

namespace {
// A tensor seen as [outer, length, inner] around the axis to be reduced.
struct Axes {
  std::size_t outer = 1, length = 1, inner = 1;
  Shape reduced;

  Axes(const char* op, const Shape& shape, int axis) {
    const int a = axis < 0 ? axis + shape.rank() : axis;
    require(a >= 0 && a < shape.rank(), op, ": ", shape, " has no axis ", axis);
    for (int i = 0; i < shape.rank(); ++i)
      (i < a ? outer : i == a ? length : inner) *= static_cast<std::size_t>(shape[i]);
    reduced = shape.without(a);
  }

  // f(r, first) for every element r of the result, and where its first number lies in x
  template <class F>
  void for_each(F f) const {
    for_each_row(outer * inner, length,
                 [*this, f](std::size_t r) { f(r, r / inner * length * inner + r % inner); });
  }
};

// The position of the first maximum, or of the first NaN, among n numbers.
std::size_t first_max(const Real* x, std::size_t n, std::size_t stride) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < n && !std::isnan(x[best * stride]); ++i)
    if (!(x[i * stride] <= x[best * stride])) best = i;
  return best;
}

constexpr std::size_t exp_work = 20;  // of one number in softmax and log_softmax
}  // namespace

Tensor sum(Tensor x) {
  Tensor y = make_result("sum", {}, {x});
  y.data[0] = static_cast<Real>(parallel_sum(x.size(), [=](std::size_t i) { return x.data[i]; }));
  on_backward("sum", y, [=] {
    for_each_index(x.size(), [=, dy = y.grad[0]](std::size_t i) { x.grad[i] += dy; });
  });
  return y;
}

Tensor sum(Tensor x, int axis) {
  const Axes axes("sum", x.shape, axis);
  Tensor y = make_result("sum", axes.reduced, {x});
  axes.for_each([=](std::size_t r, std::size_t first) {
    y.data[r] = sum_range(0, axes.length,
                          [=, x = x.data + first](std::size_t l) { return x[l * axes.inner]; });
  });
  on_backward("sum", y, [=] {
    axes.for_each([=](std::size_t r, std::size_t first) {
      run_range(0, axes.length, [=, dx = x.grad + first, dy = y.grad[r]](std::size_t l) {
        dx[l * axes.inner] += dy;
      });
    });
  });
  return y;
}

Tensor mean(Tensor x) {
  require(x.size() > 0, "mean: ", x.shape, " has no elements");
  return sum(x) / static_cast<double>(x.size());
}

Tensor mean(Tensor x, int axis) {
  const Axes axes("mean", x.shape, axis);
  require(axes.length > 0, "mean: axis ", axis, " of ", x.shape, " has no elements");
  return sum(x, axis) / static_cast<double>(axes.length);
}

Tensor max(Tensor x) { return reshape(max(reshape(x, {static_cast<int>(x.size())}), 0), {}); }

Tensor max(Tensor x, int axis) {
  const Axes axes("max", x.shape, axis);
  require(axes.length > 0, "max: axis ", axis, " of ", x.shape, " has no elements");
  Tensor y = make_result("max", axes.reduced, {x});
  axes.for_each([=](std::size_t r, std::size_t first) {
    y.data[r] = x.data[first + first_max(x.data + first, axes.length, axes.inner) * axes.inner];
  });
  on_backward("max", y, [=] {
    axes.for_each([=](std::size_t r, std::size_t first) {
      x.grad[first + first_max(x.data + first, axes.length, axes.inner) * axes.inner] += y.grad[r];
    });
  });
  return y;
}

Tensor softmax(Tensor x) {
  Tensor y = make_result("softmax", x.shape, {x});
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

// (x - max) - log(1 + rest), in this order: large x lose nothing, nor does the largest if its
// probability is nearly 1.
Tensor log_softmax(Tensor x) {
  Tensor y = make_result("log_softmax", x.shape, {x});
  const std::size_t n = x.shape.columns();
  for_each_row(x.shape.rows(), exp_work * n, [=](std::size_t r) {
    const Real* in = x.data + r * n;
    Real* out = y.data + r * n;
    const Real m = max_range(0, n, [=](std::size_t i) { return in[i]; });
    const auto below = [=](std::size_t i) { return in[i] == m ? Real(0) : fast::exp(in[i] - m); };
    const auto largest = [=](std::size_t i) { return in[i] == m ? Real(1) : Real(0); };
    const Real log_total = fast::log1p(sum_range(0, n, below) + (sum_range(0, n, largest) - 1));
    run_range(0, n, [=](std::size_t i) { out[i] = (in[i] - m) - log_total; });
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
