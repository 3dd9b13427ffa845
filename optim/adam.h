// Adam and AdamW: steps of a size that adapts to each number's own gradients.
#pragma once

#include "optimizer.h"

namespace temper {
template <bool decoupled>
struct AdamOptionsOf {
  double learning_rate = 1e-3;                 // η >= 0
  double beta1 = 0.9;                          // in [0, 1)
  double beta2 = 0.999;                        // in [0, 1)
  double epsilon = 1e-8;                       // ε >= 0
  double weight_decay = decoupled ? 0.01 : 0;  // λ >= 0
};
using AdamOptions = AdamOptionsOf<false>;
using AdamWOptions = AdamOptionsOf<true>;

// In step t, with the gradient ∇ of a parameter w (Kingma, Ba 2015):
//
//   g = ∇ + λ w     m = β₁ m + (1 - β₁) g     v = β₂ v + (1 - β₂) g²
//   w -= η m̂ / (√v̂ + ε)     with m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ)
//
// In AdamW weight decay is decoupled: g = ∇, and w *= 1 - η λ before each update (Loshchilov,
// Hutter 2019). Both are PyTorch's number for number.
template <bool decoupled>
class AdamOf : public Optimizer {
 public:
  explicit AdamOf(const Parameters& parameters, const AdamOptionsOf<decoupled>& options = {});

 private:
  void update(std::size_t i, const Tensor& parameter) override;

  AdamOptionsOf<decoupled> options_;
  std::vector<Buffer<Real>> m_, v_;
};
using Adam = AdamOf<false>;
using AdamW = AdamOf<true>;
}  // namespace temper
