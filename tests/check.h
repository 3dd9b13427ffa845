// What tests share: tensors from numbers, comparison of numbers, and the gradient check.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/ops.h"
#include "core/parameter.h"
#include "core/random.h"
#include "core/tape.h"

namespace temper {
inline constexpr bool is_double = sizeof(Real) == 8;
inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// A parameter filled with numbers.
inline Parameter parameter(Shape shape, std::initializer_list<double> numbers) {
  Parameter p(shape);
  REQUIRE(numbers.size() == p.tensor().size());
  std::ranges::transform(numbers, p.tensor().data, [](double x) { return static_cast<Real>(x); });
  return p;
}

// A parameter filled with seeded normal numbers.
inline Parameter random_parameter(Shape shape, Rng& rng, double scale = 1) {
  Parameter p(shape);
  for (Real& x : p.tensor().values()) x = static_cast<Real>(scale * rng.normal());
  return p;
}

// Checks found ≈ expected, number by number, relative to the larger of 1 and the number.
inline void check_close(std::span<const Real> found, const std::vector<double>& expected,
                        double tolerance = is_double ? 1e-9 : 1e-5) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    INFO("element ", i);
    if (std::isfinite(expected[i]))
      CHECK(std::abs(static_cast<double>(found[i]) - expected[i]) <=
            tolerance * std::max(1.0, std::abs(expected[i])));
    else
      CHECK((found[i] == expected[i] || (std::isnan(found[i]) && std::isnan(expected[i]))));
  }
}

// Checks the gradient of f at the inputs against central differences (in double only; float cannot
// tell a wrong gradient from rounding). f may return any shape: its elements are weighted with
// fixed random numbers. Inputs are changed and restored.
inline void gradients_match(const std::function<Tensor(std::span<const Tensor>)>& f,
                            std::vector<Parameter>& inputs, double tolerance = 1e-6) {
  Tape tape;
  std::vector<Tensor> on_tape;
  Parameter weights;
  const auto loss = [&] {
    tape.clear();
    on_tape.clear();
    for (const Parameter& p : inputs) on_tape.push_back(tape.input(p));
    const Tensor y = f(on_tape);
    if (weights.tensor().data == nullptr) {
      Rng rng(7);
      weights = random_parameter(y.shape, rng);
    }
    Tensor w = weights.tensor();
    w.grad = nullptr;
    return sum(y * w);
  };
  for (const Parameter& p : inputs) std::ranges::fill(p.tensor().gradients(), Real(0));
  tape.backward(loss());
  if (!is_double) return;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const Tensor x = inputs[k].tensor();
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Real before = x.data[i], h = Real(1e-5);
      x.data[i] = before + h;
      const double up = loss().item();
      x.data[i] = before - h;
      const double down = loss().item();
      x.data[i] = before;
      const double expected = (up - down) / (2e-5);
      INFO("input ", k, ", element ", i, ": gradient ", x.grad[i], ", differences say ", expected);
      CHECK(std::abs(x.grad[i] - expected) <= tolerance * std::max(1.0, std::abs(expected)));
    }
  }
}

// The same at seeded random inputs of the given shapes.
inline void gradients_match(const std::function<Tensor(std::span<const Tensor>)>& f,
                            std::initializer_list<Shape> shapes, double tolerance = 1e-6) {
  Rng rng(1);
  std::vector<Parameter> inputs;
  for (const Shape& shape : shapes) inputs.push_back(random_parameter(shape, rng));
  gradients_match(f, inputs, tolerance);
}
}  // namespace temper
