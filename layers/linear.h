// Linear: the fully connected layer.
#pragma once

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
  Linear(int in, int out, Rng& rng, const LinearOptions& options = {});

  Tensor forward(Tensor x) override { return linear(x, weight_, bias_); }
  Parameters parameters() const override;
  std::string name() const override;

 private:
  Parameter weight_;
  Parameter bias_;  // empty: no bias
};

}  // namespace temper::inline TEMPER_PRECISION
