// What Linear and Conv2d own: a weight and, unless it is not wanted, a bias.
#pragma once

#include "init.h"
#include "layer.h"

namespace temper {
struct AffineOptions {
  bool bias = true;                     // starts from U(±1 / √fan_in)
  Initializer init = fan_in_uniform();  // of the weight
};

class Affine : public Layer {
 public:
  bool result_may_be_overwritten() const override { return true; }
  Parts parts() const override { return {{"weight", weight_}, {"bias", bias_}}; }

 protected:
  void start(Shape shape, Rng& rng, const AffineOptions& options) {
    weight_ = Parameter(shape);
    options.init(weight_, rng);
    if (!options.bias) return;
    bias_ = Parameter({shape[0]});
    const double bound = 1 / std::sqrt(static_cast<double>(shape.without(0).size()));
    uniform(-bound, bound)(bias_, rng);
  }

  Parameter weight_, bias_;  // [out, ...], and [out] or empty
};
}  // namespace temper
