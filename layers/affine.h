// What Linear and Conv2d own: a weight and, unless it is not wanted, a bias.
#pragma once

#include <cmath>

#include "init.h"
#include "layer.h"

namespace temper {
struct AffineOptions {
  bool bias = true;                     // starts from U(±1 / √fan_in)
  Initializer init = fan_in_uniform();  // of the weight
};

struct Affine {
  Parameter weight;  // [out, ...]
  Parameter bias;    // [out], or empty

  Affine(Shape shape, Rng& rng, const AffineOptions& options) : weight(shape) {
    options.init(weight, rng);
    if (!options.bias) return;
    bias = Parameter({shape[0]});
    const double bound = 1 / std::sqrt(static_cast<double>(shape.without(0).size()));
    uniform(-bound, bound)(bias, rng);
  }

  Parts parts() const { return {{"weight", weight}, {"bias", bias}}; }
};
}  // namespace temper
