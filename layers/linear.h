// Linear: the fully connected layer.
#pragma once

#include <cmath>

#include "init.h"
#include "layer.h"

namespace temper::inline TEMPER_PRECISION {
struct LinearOptions {
  bool bias = true;                     // starts from U(±1 / √in)
  Initializer init = fan_in_uniform();  // of the weight
};

// y = x Wᵀ + b: [..., in] -> [..., out], with the weight W [out, in] and the bias b [out]. Throws
// ShapeError unless in and out are at least 1 and the last axis of x is in.
class Linear : public Layer {
 public:
  Linear(int in, int out, Rng& rng, const LinearOptions& options = {}) {
    require(in >= 1 && out >= 1, "Linear: in and out must be at least 1, got ", in, " and ", out);
    weight_ = Parameter({out, in});
    options.init(weight_, rng);
    if (!options.bias) return;
    bias_ = Parameter({out});
    const double bound = 1 / std::sqrt(in);
    uniform(-bound, bound)(bias_, rng);
  }

  Tensor forward(Tensor x) override { return linear(x, weight_, bias_); }
  Parameters parameters() const override {
    if (bias_.tensor().data == nullptr) return {{"weight", weight_}};
    return {{"weight", weight_}, {"bias", bias_}};
  }
  std::string name() const override {
    const Shape& shape = weight_.tensor().shape;
    return text("Linear(", shape[1], ", ", shape[0], ")");
  }

 private:
  Parameter weight_;
  Parameter bias_;  // empty: no bias
};
}  // namespace temper::inline TEMPER_PRECISION
