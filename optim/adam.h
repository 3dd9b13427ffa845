// Adam and AdamW: steps of a size that adapts to each number's own gradients.
#pragma once

#include "optimizer.h"

namespace temper {
struct AdamOptions {
  double learning_rate = 1e-3;  // η >= 0
  double beta1 = 0.9;           // in [0, 1)
  double beta2 = 0.999;         // in [0, 1)
  double epsilon = 1e-8;        // ε >= 0
  double weight_decay = 0;      // λ >= 0
};

// In step t, with the gradient ∇ of a parameter w (Kingma, Ba 2015):
//
//   g = ∇ + λ w     m = β₁ m + (1 - β₁) g     v = β₂ v + (1 - β₂) g²
//   w -= η m̂ / (√v̂ + ε)     with m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ)
//
// Number for number PyTorch's Adam.
class Adam : public Optimizer {
 public:
  explicit Adam(const Parameters& parameters, const AdamOptions& options = {})
      : Adam("Adam", parameters, options, false) {}

 protected:
  Adam(const char* name, const Parameters& parameters, const AdamOptions& options, bool decoupled);

 private:
  void update(std::size_t i, const Tensor& parameter) override;

  AdamOptions options_;
  bool decoupled_;  // weight decay does not pass through m and v
  std::vector<Buffer<Real>> m_, v_;
};

struct AdamWOptions {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
};

// Adam with decoupled weight decay: g = ∇, and w *= 1 - η λ before each update (Loshchilov, Hutter
// 2019). Number for number PyTorch's AdamW.
class AdamW : public Adam {
 public:
  explicit AdamW(const Parameters& parameters, const AdamWOptions& o = {})
      : Adam("AdamW", parameters, {o.learning_rate, o.beta1, o.beta2, o.epsilon, o.weight_decay},
             true) {}
};
}  // namespace temper
