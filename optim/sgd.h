// SGD: stochastic gradient descent, with momentum if wanted.
#pragma once

#include "optimizer.h"

namespace temper {
struct SGDOptions {
  double learning_rate = 1e-3;  // η >= 0
  double momentum = 0;          // μ in [0, 1)
  double dampening = 0;         // τ in [0, 1]
  double weight_decay = 0;      // λ >= 0
  bool nesterov = false;        // needs momentum and no dampening
};

// With the gradient ∇ of a parameter w (Polyak 1964; nesterov: Sutskever et al. 2013):
//
//   g = ∇ + λ w     b = μ b + (1 - τ) g, in the first step b = g     w -= η b
//
// and with nesterov w -= η (g + μ b). Number for number PyTorch's SGD.
class SGD : public Optimizer {
 public:
  explicit SGD(const Parameters& parameters, const SGDOptions& options = {});

 private:
  void update(std::size_t i, const Tensor& parameter) override;

  SGDOptions options_;
  std::vector<Buffer<Real>> momentum_;  // b; empty without momentum
};
}  // namespace temper
