// Initializers: the numbers that training starts from.
#pragma once

#include <functional>
#include <numbers>

#include "../core/random.h"
#include "../core/tensor.h"

namespace temper {
// Fills a weight: Linear(784, 128, rng, {.init = kaiming_normal()}).
using Initializer = std::function<void(Tensor weight, Rng& rng)>;

inline Initializer constant(double c) {
  return [=](Tensor weight, Rng&) { std::ranges::fill(weight.values(), static_cast<Real>(c)); };
}
inline Initializer zeros() { return constant(0); }
inline Initializer uniform(double low, double high) {  // U[low, high)
  return [=](Tensor weight, Rng& rng) {
    for (Real& w : weight.values()) w = static_cast<Real>(rng.uniform(low, high));
  };
}
inline Initializer normal(double deviation = 1, double mean = 0) {  // N(mean, deviation²)
  return [=](Tensor weight, Rng& rng) {
    for (Real& w : weight.values()) w = static_cast<Real>(mean + deviation * rng.normal());
  };
}

// Mean 0 and variance gain² V(fan_in, fan_out), flat or normal, for a weight [out, in, ...]. With r
// the product of the other axes (the pixels of a kernel), fan_in = in · r and fan_out = out · r.
// These throw ShapeError for fewer than two axes.
Initializer by_fans(const char* name, bool flat, double gain, auto variance) {
  return [=](Tensor weight, Rng& rng) {
    const Shape& shape = weight.shape;
    require(shape.rank() >= 2, name, ": a weight [out, in, ...] is needed, this one is ", shape);
    const auto receptive = static_cast<double>(shape.without(0).without(0).size());
    const double v = variance(shape[1] * receptive, shape[0] * receptive);
    const double bound = gain * std::sqrt(3 * v);
    (flat ? uniform(-bound, bound) : normal(gain * std::sqrt(v)))(weight, rng);
  };
}
inline constexpr auto by_fan_in = [](double in, double) { return 1 / in; };
inline constexpr auto by_both_fans = [](double in, double out) { return 2 / (in + out); };

// U(±1 / √fan_in): what PyTorch's Linear and Conv2d start from.
inline Initializer fan_in_uniform() {
  return by_fans("fan_in_uniform", true, 1 / std::numbers::sqrt3, by_fan_in);
}

// V = 1 / fan_in (He et al. 2015); √2 is the gain of ReLU.
inline Initializer kaiming_uniform(double gain = std::numbers::sqrt2) {
  return by_fans("kaiming_uniform", true, gain, by_fan_in);
}
inline Initializer kaiming_normal(double gain = std::numbers::sqrt2) {
  return by_fans("kaiming_normal", false, gain, by_fan_in);
}

// V = 2 / (fan_in + fan_out) (Glorot, Bengio 2010).
inline Initializer xavier_uniform(double gain = 1) {
  return by_fans("xavier_uniform", true, gain, by_both_fans);
}
inline Initializer xavier_normal(double gain = 1) {
  return by_fans("xavier_normal", false, gain, by_both_fans);
}
}  // namespace temper
