// What tests of layers share.
#pragma once

#include "layers/layer.h"
#include "tests/check.h"

namespace temper {
// Numbers that the scripts for PyTorch can make again: element i is sin(i + k).
inline Parameter wave(Shape shape, int k) {
  Parameter p(shape);
  for (std::size_t i = 0; i < p.tensor().size(); ++i)
    p.tensor().data[i] = static_cast<Real>(std::sin(static_cast<double>(i) + k));
  return p;
}

inline void append(std::vector<Real>& all, std::span<const Real> more) {
  all.insert(all.end(), more.begin(), more.end());
}

// What a layer has but does not learn.
inline Parameters buffers_of(const Layer& layer) {
  Parameters all = layer.state();
  std::erase_if(all, [](const NamedTensor& p) { return p.tensor.grad != nullptr; });
  return all;
}

// Checks that every parameter of the layer gets a gradient and, in double, that it and that of the
// input agree with central differences.
inline void check_gradients(Layer& layer, Shape input, double tolerance = 1e-6) {
  Rng rng(11);
  const Parameter x = random_parameter(input, rng);
  Parameters all = layer.parameters();
  const std::size_t own = all.size();
  all.push_back({"the input", x});
  for (const NamedTensor& p : all) std::ranges::fill(p.tensor.gradients(), Real(0));
  Tape tape;
  Parameter weights;  // so that no gradient is 1 for every element
  const auto loss = [&] {
    tape.clear();
    const Tensor y = layer.forward(tape.input(x));
    if (weights.tensor().data == nullptr) weights = random_parameter(y.shape, rng);
    return sum(y * weights);
  };
  tape.backward(loss());
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Tensor p = all[k].tensor;
    INFO(all[k].name, " ", p.shape);
    if (k < own) CHECK(std::ranges::any_of(p.gradients(), [](Real g) { return g != 0; }));
    for (std::size_t i = 0; is_double && i < p.size(); ++i) {
      const Real before = p.data[i], h = Real(1e-5);
      p.data[i] = before + h;
      const double up = loss().item();
      p.data[i] = before - h;
      const double down = loss().item();
      p.data[i] = before;
      const double expected = (up - down) / 2e-5;
      INFO("element ", i, ": gradient ", p.grad[i], ", differences say ", expected);
      CHECK(std::abs(p.grad[i] - expected) <= tolerance * std::max(1.0, std::abs(expected)));
    }
  }
}
}  // namespace temper
