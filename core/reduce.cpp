// Reductions: sums, means, maxima, and the normalisations softmax and log_softmax that need them.
#include <cmath>

#include "fast_math.h"
#include "ops.h"
#include "parallel.h"

namespace temper::inline TEMPER_PRECISION {

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

  // f(o, i) for every element of the result
  template <class F>
  void for_each(F f) const {
    for_each_block(outer * inner, 256, length, [*this, f](std::size_t begin, std::size_t end) {
      for (std::size_t r = begin; r < end; ++r) f(r, r / inner * length * inner + r % inner);
    });
  }
};

// The position of the first maximum, or of the first NaN, among n numbers.
std::size_t first_max(const Real* x, std::size_t n, std::size_t stride) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < n && !std::isnan(x[best * stride]); ++i)
    if (!(x[i * stride] <= x[best * stride])) best = i;
  return best;
}

// f(r · n) for every row r of x, where n is their length
template <class F>
void for_each_row(const Shape& x, F f) {
  const std::size_t n = x.columns();
  for_each_block(x.rows(), 16, 20 * n, [=](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r) f(r * n);
  });
}

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
  require(x.shape[axis] > 0, "mean: axis ", axis, " of ", x.shape, " has no elements");
  return sum(x, axis) / static_cast<double>(x.shape[axis]);
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
  for_each_row(x.shape, [=](std::size_t first) {
    const Real* in = x.data + first;
    Real* out = y.data + first;
    const Real m = max_range(0, n, [=](std::size_t i) { return in[i]; });
    run_range(0, n, [=](std::size_t i) { out[i] = fast::exp(in[i] - m); });
    const Real total = sum_range(0, n, [=](std::size_t i) { return out[i]; });
    run_range(0, n, [=](std::size_t i) { out[i] /= total; });
  });
  on_backward("softmax", y, [=] {  // dx = y (dy - Σ dy y)
    for_each_row(x.shape, [=, y_ = y.data, dy_ = y.grad, dx_ = x.grad](std::size_t first) {
      const Real *p = y_ + first, *dy = dy_ + first;
      Real* dx = dx_ + first;
      const Real dot = sum_range(0, n, [=](std::size_t i) { return dy[i] * p[i]; });
      run_range(0, n, [=](std::size_t i) { dx[i] += p[i] * (dy[i] - dot); });
    });
  });
  return y;
}

Tensor log_softmax(Tensor x) {
  Tensor y = make_result("log_softmax", x.shape, {x});
  const std::size_t n = x.shape.columns();
  for_each_row(x.shape,
               [=](std::size_t first) {  // (x - max) - log Σ e^(x - max), in this order: large x
                                         // lose nothing
                 const Real* in = x.data + first;
                 Real* out = y.data + first;
                 const Real m = max_range(0, n, [=](std::size_t i) { return in[i]; });
                 const Real log_total =
                     std::log(sum_range(0, n, [=](std::size_t i) { return fast::exp(in[i] - m); }));
                 run_range(0, n, [=](std::size_t i) { out[i] = (in[i] - m) - log_total; });
               });
  on_backward("log_softmax", y, [=] {  // dx = dy - softmax(x) Σ dy
    for_each_row(x.shape, [=](std::size_t first) {
      const Real *out = y.data + first, *dy = y.grad + first;
      Real* dx = x.grad + first;
      const Real total = sum_range(0, n, [=](std::size_t i) { return dy[i]; });
      run_range(0, n, [=](std::size_t i) { dx[i] += dy[i] - fast::exp(out[i]) * total; });
    });
  });
  return y;
}

}  // namespace temper::inline TEMPER_PRECISION
