// Elementwise ops: a function of one number, or of two, and its derivative.
#include "elementwise.h"

#include <cmath>
#include <numbers>

#include "fast_math.h"
#include "ops.h"

namespace temper::inline TEMPER_PRECISION {

namespace {

// Derivatives that do not depend on where.
constexpr auto one = [](Real, Real) { return Real(1); };
constexpr auto minus_one = [](Real, Real) { return Real(-1); };

// f(a, b) for equal shapes, or for each row of a with the one row b; da and db are its derivatives.
template <class Function, class DerivativeA, class DerivativeB>
Tensor elementwise(const char* op, Tensor a, Tensor b, Function f, DerivativeA da, DerivativeB db) {
  const bool row = a.shape != b.shape;
  require(!row || (b.shape.rank() == 1 && a.shape.rank() > 1 && b.shape[0] == a.shape[-1]), op,
          ": ", a.shape, " and ", b.shape,
          ": shapes must be equal, or the right one a row as long as the left one's last axis");
  Tensor y = make_result(op, a.shape, {a, b});
  const std::size_t n = row ? a.shape.rows() : 1;
  const std::size_t columns = b.size();
  // g(i, j): every element i = r · columns + j of a with its partner j of b
  const auto for_each_pair = [=](auto g) {
    if (n == 1) return for_each_index(columns, [=](std::size_t j) { g(j, j); });
    for_each_block(n, 1 + 4095 / std::max<std::size_t>(columns, 1), columns,
                   [=](std::size_t begin, std::size_t end) {
                     for (std::size_t r = begin; r < end; ++r)
                       run_range(0, columns, [=](std::size_t j) { g(r * columns + j, j); });
                   });
  };
  for_each_pair([=](std::size_t i, std::size_t j) { y.data[i] = f(a.data[i], b.data[j]); });
  on_backward(op, y, [=] {
    if (a.grad != nullptr) {
      for_each_pair(
          [=](std::size_t i, std::size_t j) { a.grad[i] += y.grad[i] * da(a.data[i], b.data[j]); });
    }
    if (b.grad != nullptr) {  // rows in order for every column, so threads do not change the sum
      for_each_block(columns, 256, n, [=](std::size_t begin, std::size_t end) {
        for (std::size_t r = 0; r < n; ++r) {
          const std::size_t first = r * columns;
          run_range(begin, end, [=](std::size_t j) {
            b.grad[j] += y.grad[first + j] * db(a.data[first + j], b.data[j]);
          });
        }
      });
    }
  });
  return y;
}

}  // namespace

Tensor exp(Tensor x) {
  return elementwise(
      "exp", x, [](Real x) { return fast::exp(x); }, [](Real, Real y) { return y; });
}

Tensor log(Tensor x) {
  return elementwise(
      "log", x, [](Real x) { return fast::log(x); }, [](Real x, Real) { return 1 / x; });
}

Tensor sqrt(Tensor x) {
  return elementwise(
      "sqrt", x, [](Real x) { return std::sqrt(x); }, [](Real, Real y) { return Real(0.5) / y; });
}

Tensor square(Tensor x) {
  return elementwise(
      "square", x, [](Real x) { return x * x; }, [](Real x, Real) { return 2 * x; });
}

Tensor tanh(Tensor x) {
  return elementwise(
      "tanh", x, [](Real x) { return fast::tanh(x); }, [](Real, Real y) { return 1 - y * y; });
}

Tensor sigmoid(Tensor x) {
  return elementwise(
      "sigmoid", x, [](Real x) { return 1 / (1 + fast::exp(-x)); },
      [](Real, Real y) { return y * (1 - y); });
}

Tensor relu(Tensor x) {
  return elementwise(
      "relu", x, [](Real x) { return x < 0 ? Real(0) : x; },  // in this form NaN stays NaN
      [](Real x, Real) { return x > 0 ? Real(1) : Real(0); });
}

Tensor leaky_relu(Tensor x, double slope) {
  const auto s = static_cast<Real>(slope);
  return elementwise(
      "leaky_relu", x, [=](Real x) { return x > 0 ? x : s * x; },
      [=](Real x, Real) { return x > 0 ? Real(1) : s; });
}

Tensor gelu(Tensor x) {  // Φ(x) = (1 + erf(x / √2)) / 2; derivative Φ(x) + x φ(x)
  const auto phi = [](Real x) {
    return Real(0.5) * std::erfc(-x * std::numbers::sqrt2_v<Real> / 2);
  };
  return elementwise(
      "gelu", x, [=](Real x) { return x * phi(x); },
      [=](Real x, Real) {
        constexpr Real c = std::numbers::inv_sqrtpi_v<Real> / std::numbers::sqrt2_v<Real>;
        return phi(x) + x * c * fast::exp(-x * x / 2);
      });
}

Tensor operator-(Tensor x) {
  return elementwise(
      "negate", x, [](Real x) { return -x; }, minus_one);
}

Tensor operator+(Tensor a, Tensor b) {
  return elementwise(
      "add", a, b, [](Real a, Real b) { return a + b; }, one, one);
}

Tensor operator-(Tensor a, Tensor b) {
  return elementwise(
      "subtract", a, b, [](Real a, Real b) { return a - b; }, one, minus_one);
}

Tensor operator*(Tensor a, Tensor b) {
  return elementwise(
      "multiply", a, b, [](Real a, Real b) { return a * b; }, [](Real, Real b) { return b; },
      [](Real a, Real) { return a; });
}

Tensor operator/(Tensor a, Tensor b) {  // d(a/b)/db = -a/b²
  return elementwise(
      "divide", a, b, [](Real a, Real b) { return a / b; }, [](Real, Real b) { return 1 / b; },
      [](Real a, Real b) { return -a / (b * b); });
}

Tensor operator+(Tensor x, double c) {
  return elementwise(
      "add", x, [c = Real(c)](Real x) { return x + c; }, one);
}

Tensor operator*(Tensor x, double c) {
  return elementwise(
      "multiply", x, [c = Real(c)](Real x) { return x * c; },
      [c = Real(c)](Real, Real) { return c; });
}

Tensor operator/(Tensor x, double c) {
  return elementwise(
      "divide", x, [c = Real(c)](Real x) { return x / c; },
      [c = Real(c)](Real, Real) { return 1 / c; });
}

Tensor operator/(double c, Tensor x) {  // d(c/x)/dx = -y/x
  return elementwise(
      "divide", x, [c = Real(c)](Real x) { return c / x; }, [](Real x, Real y) { return -y / x; });
}

Tensor operator-(Tensor x, double c) { return x + -c; }
Tensor operator+(double c, Tensor x) { return x + c; }
Tensor operator-(double c, Tensor x) { return -x + c; }
Tensor operator*(double c, Tensor x) { return x * c; }

}  // namespace temper::inline TEMPER_PRECISION
