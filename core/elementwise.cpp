// Elementwise ops: each a function and its derivative.
#include "elementwise.h"

#include <functional>
#include <numbers>

#include "fast_math.h"
#include "ops.h"

namespace temper {
// Functions and derivatives: of (x, y), input and result of an op of one tensor, or of (a, b), the
// inputs of an op of two.
constexpr auto one = [](Real, Real) { return Real(1); };
constexpr auto minus_one = [](Real, Real) { return Real(-1); };
constexpr auto first = [](Real a, Real) { return a; };
constexpr auto second = [](Real, Real b) { return b; };
constexpr auto one_over_second = [](Real, Real b) { return 1 / b; };
constexpr auto positive = [](Real x) { return x < 0 ? Real(0) : x; };  // so that NaN stays NaN

// Such a function of (a, b) with a number in the place of b.
static auto with(double number, auto f) {
  return [=, b = static_cast<Real>(number)](Real a, auto...) { return f(a, b); };
}

Tensor exp(Tensor t) {
  return elementwise(
      "exp", t, [](Real x) { return fast::exp(x); }, second);
}

Tensor log(Tensor t) {
  return elementwise(
      "log", t, [](Real x) { return fast::log(x); }, [](Real x, Real) { return 1 / x; });
}

Tensor sqrt(Tensor t) {
  return elementwise(
      "sqrt", t, [](Real x) { return std::sqrt(x); }, [](Real, Real y) { return Real(0.5) / y; });
}

Tensor square(Tensor t) {
  return elementwise(
      "square", t, [](Real x) { return x * x; }, [](Real x, Real) { return 2 * x; });
}

Tensor tanh(Tensor t) {
  return elementwise(
      "tanh", t, [](Real x) { return fast::tanh(x); }, [](Real, Real y) { return 1 - y * y; });
}

Tensor sigmoid(Tensor t) {
  return elementwise(
      "sigmoid", t, [](Real x) { return 1 / (1 + fast::exp(-x)); },
      [](Real, Real y) { return y * (1 - y); });
}

Tensor relu(Tensor t) {
  return elementwise("relu", t, positive, [](Real x, Real) { return x > 0 ? Real(1) : Real(0); });
}

Tensor relu_in_place(Tensor x) {
  require(x.tape != nullptr, "relu_in_place: x ", x.shape, " is not on a tape");
  x.tape->check(x);
  for_each_index(x.size(), [=](auto i) { x.data[i] = positive(x.data[i]); });
  on_backward("relu", x, [=] {  // what was the gradient of the result becomes that of the input
    for_each_index(x.size(), [=](auto i) { x.grad[i] = x.data[i] > 0 ? x.grad[i] : Real(0); });
  });
  return x;
}

Tensor leaky_relu(Tensor t, double slope) {
  const auto s = static_cast<Real>(slope);
  return elementwise(
      "leaky_relu", t, [=](Real x) { return x > 0 ? x : s * x; },
      [=](Real x, Real) { return x > 0 ? Real(1) : s; });
}

Tensor gelu(Tensor t) {  // Φ(x) = (1 + erf(x / √2)) / 2; derivative Φ(x) + x φ(x)
  const auto phi = [](Real x) {
    return Real(0.5) * std::erfc(-x * std::numbers::sqrt2_v<Real> / 2);
  };
  return elementwise(
      "gelu", t, [=](Real x) { return x * phi(x); },
      [=](Real x, Real) {
        constexpr Real c = std::numbers::inv_sqrtpi_v<Real> / std::numbers::sqrt2_v<Real>;
        return phi(x) + x * c * fast::exp(-x * x / 2);
      });
}

Tensor operator-(Tensor t) { return elementwise("negate", t, std::negate{}, minus_one); }

Tensor operator+(Tensor a, Tensor b) { return elementwise("add", a, b, std::plus{}, one, one); }
Tensor operator-(Tensor a, Tensor b) {
  return elementwise("subtract", a, b, std::minus{}, one, minus_one);
}
Tensor operator*(Tensor a, Tensor b) {
  return elementwise("multiply", a, b, std::multiplies{}, second, first);
}

Tensor operator/(Tensor a, Tensor b) {  // d(x/y)/dy = -x/y²
  return elementwise("divide", a, b, std::divides{}, one_over_second,
                     [](Real x, Real y) { return -x / (y * y); });
}

Tensor operator+(Tensor t, double c) { return elementwise("add", t, with(c, std::plus{}), one); }
Tensor operator-(Tensor x, double c) { return x + -c; }
Tensor operator*(Tensor t, double c) {
  return elementwise("multiply", t, with(c, std::multiplies{}), with(c, second));
}
Tensor operator/(Tensor t, double c) {
  return elementwise("divide", t, with(c, std::divides{}), with(c, one_over_second));
}
Tensor operator+(double c, Tensor x) { return x + c; }
Tensor operator-(double c, Tensor x) { return -x + c; }
Tensor operator*(double c, Tensor x) { return x * c; }
Tensor operator/(double c, Tensor t) {  // d(c/x)/dx = -y/x
  return elementwise(
      "divide", t, [c = Real(c)](Real x) { return c / x; }, [](Real x, Real y) { return -y / x; });
}
}  // namespace temper
