// Linear: the fully connected layer.
#pragma once

#include "affine.h"

namespace temper {
// y = x Wᵀ + b: [..., in] -> [..., out], with the weight W [out, in] and the bias b [out]. Throws
// ShapeError unless in and out are at least 1 and the last axis of x is in.
struct Linear : Affine {
  Linear(int in, int out, Rng& rng, const AffineOptions& options = {}) {
    require(in >= 1 && out >= 1, "Linear: in and out must be at least 1, got ", in, " and ", out);
    start({out, in}, rng, options);
  }
  Tensor forward(Tensor x) override { return linear(x, weight_, bias_); }
  std::string name() const override {
    const Shape& shape = weight_.tensor().shape;
    return to_string("Linear(", shape[1], ", ", shape[0], ")");
  }
};
}  // namespace temper
