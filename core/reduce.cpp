// Reductions: sums, means and maxima.
#include <cmath>

#include "ops.h"
#include "parallel.h"

namespace temper {
namespace {
// A tensor seen as [outer, length, inner] around the axis to be reduced.
struct Axes {
  std::size_t outer = 1, length = 1, inner = 1;
  Shape reduced;

  Axes(const char* op, const Shape& shape, int axis) {
    const int a = shape.index(axis, op);
    for (int i = 0; i < shape.rank(); ++i)
      (i < a ? outer : i == a ? length : inner) *= static_cast<std::size_t>(shape[i]);
    reduced = shape.without(a);
  }

  // f(r, first) for every element r of the result, and where its first number lies in x
  void for_each(auto f) const {
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
}  // namespace

Tensor sum(Tensor x) {
  Tensor y = make_result("sum", {}, {&x});
  y.data[0] = static_cast<Real>(parallel_sum(x.size(), [=](std::size_t i) { return x.data[i]; }));
  on_backward("sum", y, [=] {
    for_each_index(x.size(), [=, dy = y.grad[0]](std::size_t i) { x.grad[i] += dy; });
  });
  return y;
}

Tensor sum(Tensor x, int axis) {
  const Axes axes("sum", x.shape, axis);
  Tensor y = make_result("sum", axes.reduced, {&x});
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

Tensor max(Tensor x) { return reshape(max(reshape(x, {std::ssize(x.values())}), 0), {}); }

Tensor max(Tensor x, int axis) {
  const Axes axes("max", x.shape, axis);
  require(axes.length > 0, "max: axis ", axis, " of ", x.shape, " has no elements");
  Tensor y = make_result("max", axes.reduced, {&x});
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
}  // namespace temper
