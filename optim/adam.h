// Adam and AdamW: steps of a size that adapts to each number's own gradients.
#pragma once

#include <vector>

#include "optimizer.h"

namespace temper {
// Adam and AdamW differ in one thing, where the weight decay acts.
template <bool decoupled>
struct BasicAdamOptions {
  double learning_rate = 1e-3;                   // η >= 0
  double beta1 = 0.9;                            // in [0, 1)
  double beta2 = 0.999;                          // in [0, 1)
  double epsilon = 1e-8;                         // ε >= 0
  double weight_decay = decoupled ? 0.01 : 0.0;  // λ >= 0
};

// In step t, with the gradient ∇ of a parameter w (Kingma, Ba 2015):
//
//   g = ∇ + λ w     m = β₁ m + (1 - β₁) g     v = β₂ v + (1 - β₂) g²
//   w -= η m̂ / (√v̂ + ε)     with m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ)
//
// and with decoupled weight decay g = ∇, and w *= 1 - η λ before each update (Loshchilov, Hutter
// 2019). Number for number PyTorch's Adam and AdamW.
template <bool decoupled>
class BasicAdam : public Optimizer {
 public:
  explicit BasicAdam(const Parameters& parameters, const BasicAdamOptions<decoupled>& options = {});

 private:
  void update(std::size_t i, const Tensor& parameter) override;

  BasicAdamOptions<decoupled> options_;
  std::vector<Buffer<Real>> m_, v_;
};

using Adam = BasicAdam<false>;
using AdamW = BasicAdam<true>;
using AdamOptions = BasicAdamOptions<false>;
using AdamWOptions = BasicAdamOptions<true>;
}  // namespace temper
