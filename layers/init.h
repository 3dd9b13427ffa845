// Initializers: the numbers that training starts from.
#pragma once

#include <functional>
#include <numbers>

#include "../core/random.h"
#include "../core/tensor.h"

namespace temper::inline TEMPER_PRECISION {

// Fills a weight: Linear(784, 128, rng, {.init = kaiming_normal()}).
using Initializer = std::function<void(Tensor weight, Rng& rng)>;

Initializer constant(double c);
inline Initializer zeros() { return constant(0); }
Initializer uniform(double low, double high);               // U[low, high)
Initializer normal(double deviation = 1, double mean = 0);  // N(mean, deviation²)

// Those that look at the shape of the weight, [out, in, ...]. With r the product of the other axes
// (the pixels of a kernel): fan_in = in · r, fan_out = out · r. They throw ShapeError for fewer
// than two axes.

Initializer fan_in_uniform();  // U(±1 / √fan_in): what PyTorch's Linear and Conv2d start from

// U(±√(3 V)) or N(0, V) with V = gain² / fan_in (He et al. 2015); √2 is the gain of ReLU.
Initializer kaiming_uniform(double gain = std::numbers::sqrt2);
Initializer kaiming_normal(double gain = std::numbers::sqrt2);

// The same with V = gain² · 2 / (fan_in + fan_out) (Glorot, Bengio 2010).
Initializer xavier_uniform(double gain = 1);
Initializer xavier_normal(double gain = 1);

}  // namespace temper::inline TEMPER_PRECISION
