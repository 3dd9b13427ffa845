// RMSprop: steps divided by the root of a running mean of squared gradients.
#pragma once

#include "optimizer.h"

namespace temper {
struct RMSpropOptions {
  double learning_rate = 0.01;  // η >= 0
  double alpha = 0.99;          // α in [0, 1)
  double epsilon = 1e-8;        // ε >= 0
  double momentum = 0;          // μ in [0, 1)
  double weight_decay = 0;      // λ >= 0
  bool centered = false;        // divide by the standard deviation instead
};

// With the gradient ∇ of a parameter w (Hinton 2012; centered: Graves 2013):
//
//   g = ∇ + λ w     v = α v + (1 - α) g²     b = μ b + g / (√v + ε)     w -= η b
//
// and when centered √(v - a²) instead of √v, with a = α a + (1 - α) g. PyTorch's RMSprop, but
// that a v - a² which rounding makes negative counts as 0.
class RMSprop : public Optimizer {
 public:
  explicit RMSprop(const Parameters& parameters, const RMSpropOptions& options = {});

 private:
  void update(std::size_t i, const Tensor& parameter) override;

  RMSpropOptions options_;
  std::vector<Buffer<Real>> square_, mean_, momentum_;  // v, a, b; only those in use
};
}  // namespace temper
