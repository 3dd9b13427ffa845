// LayerNorm: every sample brought to mean 0 and variance 1.
#pragma once

#include "layer.h"

namespace temper {
// y = x̂ w + b with x̂ = (x - μ) / √(σ² + ε); μ and σ² are the mean and the variance (divided by
// the length) of each row, the last axis of x: [..., d], [d], [d] -> [..., d] (Ba et al. 2016).
Tensor layer_norm(Tensor x, Tensor weight, Tensor bias, double epsilon = 1e-5);

// layer_norm with a weight that starts from 1 and a bias that starts from 0: [..., d] -> [..., d].
class LayerNorm : public Layer {
 public:
  explicit LayerNorm(int features, double epsilon = 1e-5);  // ε >= 0

  Tensor forward(Tensor x) override { return layer_norm(x, weight_, bias_, epsilon_); }
  Parts parts() const override { return {{"weight", weight_}, {"bias", bias_}}; }
  std::string name() const override {
    return to_string("LayerNorm(", weight_.tensor().size(), ")");
  }

 private:
  Parameter weight_, bias_;
  double epsilon_;
};
}  // namespace temper
