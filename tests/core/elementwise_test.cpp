// Every elementwise op against the standard library, and its gradient against differences.
#include "core/fast_math.h"
#include "core/parallel.h"
#include "losses/kernels/lanes.h"
#include "tests/check.h"

using namespace temper;

namespace {
using Unary = Tensor (*)(Tensor);

void check_unary(Unary op, double (*expected)(double), const std::vector<double>& at) {
  Tape tape(Tape::Mode::infer);
  Parameter x({static_cast<int>(at.size())});
  std::vector<double> y;
  for (std::size_t i = 0; i < at.size(); ++i) {
    x.tensor().data[i] = static_cast<Real>(at[i]);
    y.push_back(expected(static_cast<double>(x.tensor().data[i])));
  }
  check_close(op(tape.input(x)).values(), y);
  std::vector<Parameter> inputs;
  for (double point : at) {
    // differences need a smooth neighbourhood
    if (std::abs(point) > 1e-3 && std::abs(point) < 10 && std::isfinite(expected(point)))
      inputs.push_back(parameter({1}, {point}));
  }
  gradients_match([op](auto parts) { return op(concat(parts, 0)); }, inputs);
}

const std::vector<double> line = {-infinity, -100, -2, -0.7, 0,        1e-8,
                                  0.3,       1.5,  4,  100,  infinity, not_a_number};
}  // namespace

TEST_CASE("exp") {
  check_unary(exp, std::exp, {-infinity, -2, 0, 1.5, 4, 80, infinity, not_a_number});
}
TEST_CASE("log") {
  check_unary(log, std::log, {-1, 0, 1e-8, 0.3, 1, 4, 1e30, infinity, not_a_number});
}
TEST_CASE("sqrt") { check_unary(sqrt, std::sqrt, {-1, 0, 0.3, 4, 1e30, infinity, not_a_number}); }
TEST_CASE("square") {
  check_unary(
      square, [](double x) { return x * x; }, line);
}
TEST_CASE("tanh") { check_unary(tanh, std::tanh, line); }
TEST_CASE("negate") {
  check_unary([](Tensor x) { return -x; }, [](double x) { return -x; }, line);
}
TEST_CASE("sigmoid") {
  check_unary(
      sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }, line);
}
TEST_CASE("relu") {
  check_unary(
      relu, [](double x) { return std::isnan(x) ? x : std::max(x, 0.0); }, line);
}
TEST_CASE("leaky_relu") {
  check_unary([](Tensor x) { return leaky_relu(x, 0.1); },
              [](double x) { return x > 0 ? x : x * 0.1; }, line);
}
TEST_CASE("gelu") {
  check_unary(gelu, [](double x) { return x * 0.5 * std::erfc(-x / std::sqrt(2.0)); },
              {-100, -2, -0.7, 0, 0.3, 1.5, 100, not_a_number});
}

TEST_CASE("the derivative of relu at 0 is 0, that of leaky_relu its slope") {
  const auto gradient_at_zero = [](auto op) {
    const Parameter x = parameter({1}, {0});
    Tape tape;
    tape.backward(sum(op(tape.input(x))));
    return x.tensor().grad[0];
  };
  CHECK(gradient_at_zero([](Tensor x) { return relu(x); }) == 0);
  CHECK(gradient_at_zero([](Tensor x) { return leaky_relu(x, 0.25); }) == Real(0.25));
}

TEST_CASE("arithmetic of equal shapes") {
  Tape tape(Tape::Mode::infer);
  const Parameter a = parameter({2, 2}, {1, 2, 3, 4}), b = parameter({2, 2}, {4, 5, -6, 8});
  const Tensor x = tape.input(a);
  check_close((x + b).values(), {5, 7, -3, 12});
  check_close((x - b).values(), {-3, -3, 9, -4});
  check_close((x * b).values(), {4, 10, -18, 32});
  check_close((x / b).values(), {0.25, 0.4, -0.5, 0.5});
}

TEST_CASE("arithmetic with one row for all rows") {
  Tape tape(Tape::Mode::infer);
  const Parameter a = parameter({2, 2}, {1, 2, 3, 4}), b = parameter({2}, {4, -5});
  const Tensor x = tape.input(a);
  check_close((x + b).values(), {5, -3, 7, -1});
  check_close((x - b).values(), {-3, 7, -1, 9});
  check_close((x * b).values(), {4, -10, 12, -20});
  check_close((x / b).values(), {0.25, -0.4, 0.75, -0.8});
}

TEST_CASE("arithmetic with a number, on either side") {
  Tape tape(Tape::Mode::infer);
  const Parameter a = parameter({2}, {1, -4});
  const Tensor x = tape.input(a);
  check_close((x + 2).values(), {3, -2});
  check_close((2 + x).values(), {3, -2});
  check_close((x - 2).values(), {-1, -6});
  check_close((2 - x).values(), {1, 6});
  check_close((x * 2).values(), {2, -8});
  check_close((2 * x).values(), {2, -8});
  check_close((x / 2).values(), {0.5, -2});
  check_close((2 / x).values(), {2, -0.5});
}

TEST_CASE("gradients of arithmetic") {
  for (const Shape& right : {Shape{3, 2}, Shape{2}}) {
    gradients_match([](auto x) { return x[0] + x[1]; }, {{3, 2}, right});
    gradients_match([](auto x) { return x[0] - x[1]; }, {{3, 2}, right});
    gradients_match([](auto x) { return x[0] * x[1]; }, {{3, 2}, right});
    gradients_match([](auto x) { return x[0] / (square(x[1]) + 1); }, {{3, 2}, right});
  }
  gradients_match([](auto x) { return 2 / (square(x[0]) + 1) - (3 - x[0]) * 0.5 + x[0] / 4; },
                  {{3}});
}

TEST_CASE("a tensor may be both sides of an op") {
  gradients_match([](auto x) { return x[0] + x[0]; }, {{3}});
  gradients_match([](auto x) { return x[0] - x[0]; }, {{3}});
  gradients_match([](auto x) { return x[0] * x[0]; }, {{3}});
  gradients_match([](auto x) { return (x[0] + 3) / (x[0] + 3); }, {{3}});
}

TEST_CASE("long rows and many rows, past the size of a block") {
  Rng rng(3);
  for (const Shape& shape : {Shape{3, 5000}, Shape{5000, 3}, Shape{15001}}) {
    const Parameter a = random_parameter(shape, rng), b = random_parameter({shape[-1]}, rng);
    Tape tape;
    const Tensor y = tape.input(a) * b;
    tape.backward(sum(y));
    std::vector<double> product, gradient_b(b.tensor().size());
    for (std::size_t i = 0; i < y.size(); ++i) {
      const std::size_t j = i % b.tensor().size();
      product.push_back(static_cast<double>(a.tensor().data[i]) *
                        static_cast<double>(b.tensor().data[j]));
      gradient_b[j] += static_cast<double>(a.tensor().data[i]);
    }
    check_close(y.values(), product);
    check_close(b.tensor().gradients(), gradient_b,
                is_double ? 1e-9 : 1e-3);  // float sums of 5,000
  }
}

TEST_CASE("shapes that do not fit are named") {
  Tape tape;
  const Parameter a({2, 3}), b({3, 2}), row({2}), scalar(Shape{});
  const auto message = [&](const Parameter& right) {
    return "add: [2, 3] and " + [&] {
      std::ostringstream text;
      text << right.tensor().shape;
      return text.str();
    }() + ": shapes must be equal, or the right one a row as long as the left one's last axis";
  };
  for (const Parameter* right : {&b, &row, &scalar})
    CHECK_THROWS_WITH_AS(tape.input(a) + *right, message(*right).c_str(), ShapeError);
}

#ifndef temper  // in float
namespace {
// The distance in units in the last place of the float nearest to the truth.
double ulps(float found, double truth) {
  const auto nearest = static_cast<float>(truth);
  if (found == nearest || (std::isnan(found) && std::isnan(nearest))) return 0;
  if (!std::isfinite(found) || !std::isfinite(nearest)) return infinity;
  const float next = std::nextafter(std::abs(nearest), std::numeric_limits<float>::infinity());
  return std::abs(static_cast<double>(found) - truth) /
         (static_cast<double>(next) - std::abs(static_cast<double>(nearest)));
}

// The largest error of f over all floats, or over every 251st of them, compiled as the library does
// it (with the widest vectors there are) and plainly.
template <class F>
double worst(F f, double (*truth)(double)) {
  constexpr std::uint64_t stride = 251, block = 4096;
  std::vector<float> y(block);
  double worst = 0;
  for (std::uint64_t first = 0; first <= 0xffffffffu; first += stride * block) {
    const auto x = [=](std::uint64_t i) {
      return std::bit_cast<float>(static_cast<std::uint32_t>(first + i * stride));
    };
    run_range(0, block, [=, y = y.data()](std::size_t i) { y[i] = f(x(i)); });
    for (std::uint64_t i = 0; i < block; ++i) {
      const double exact = truth(static_cast<double>(x(i)));
      worst = std::max({worst, ulps(y[i], exact), ulps(f(x(i)), exact)});
    }
  }
  return worst;
}
}  // namespace

TEST_CASE("fast exp, log and tanh are within 2 units in the last place over all floats") {
  CHECK(worst([](float x) { return fast::exp(x); }, std::exp) <= 2);
  CHECK(worst([](float x) { return fast::log(x); }, std::log) <= 2);
  CHECK(worst([](float x) { return fast::tanh(x); }, std::tanh) <= 2);
}

TEST_CASE("exp_below is within 2 units in the last place from -86.9 to 0, and 0 below -87") {
  const auto truth = [](double x) {
    return x > 0 || (x > -87 && x < -86.9) ? 1 : x <= -87 ? 0 : std::exp(x);
  };
  CHECK(worst([](float x) { return x > 0 || (x > -87 && x < -86.9f) ? 1 : exp_below(x); }, truth) <=
        2);
  CHECK(exp_below(0.0f) == 1);
}
#endif

TEST_CASE("relu_in_place overwrites numbers and gradients of what was computed") {
  const Parameter p = parameter({4}, {-2, 0, 3, 4});
  Tape tape;
  const Tensor x = 2.0 * tape.input(p);
  const Tensor y = relu_in_place(x);
  CHECK(y.data == x.data);
  check_close(x.values(), {0, 0, 6, 8});
  tape.backward(sum(square(y)));
  check_close(p.tensor().gradients(), {0, 0, 24, 32});
  CHECK_THROWS_WITH_AS(relu_in_place(p), "relu_in_place: x [4] is not on a tape", ShapeError);
}
