// Linear: the fully connected layer.
#pragma once

#include "affine.h"

namespace temper {
// y = x Wᵀ + b: [..., in] -> [..., out], with the weight W [out, in] and the bias b [out]. Throws
// ShapeError unless in and out are at least 1 and the last axis of x is in.
class Linear : public Layer {
 public:
  Linear(int in, int out, Rng& rng, const AffineOptions& options = {})
      : affine_(checked(in, out), rng, options) {}

  Tensor forward(Tensor x) override { return linear(x, affine_.weight, affine_.bias); }
  bool result_may_be_overwritten() const override { return true; }
  Parts parts() const override { return affine_.parts(); }
  std::string name() const override {
    const Shape& shape = affine_.weight.tensor().shape;
    return text("Linear(", shape[1], ", ", shape[0], ")");
  }

 private:
  static Shape checked(int in, int out) {
    require(in >= 1 && out >= 1, "Linear: in and out must be at least 1, got ", in, " and ", out);
    return {out, in};
  }
  Affine affine_;
};
}  // namespace temper
