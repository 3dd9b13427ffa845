// BatchNorm: every channel brought to mean 0 and variance 1.
#pragma once

#include "layer.h"

namespace temper {
struct BatchNormOptions {
  double epsilon = 1e-5;     // at least 0
  double momentum = 0.1;     // the share of the newest batch in the running statistics, in [0, 1]
  bool use_running = false;  // running statistics, standing still, also in training: when frozen
};

// y = x̂ w + b with x̂ = (x - μ) / √(σ² + ε) for each channel: [n, c, ...], [c], [c] -> [n, c, ...]
// (Ioffe, Szegedy 2015). When the tape trains, μ and σ² are the mean and the variance (divided by
// the number of values) over the batch and all places, and the running statistics [c] move towards
// them, the variance divided by one less; when it infers, or with use_running, they are the running
// statistics, which are constants for the gradients. Throws ShapeError for what does not fit, and
// for less than two values per channel to train on.
Tensor batch_norm(Tensor x, Tensor weight, Tensor bias, Tensor running_mean, Tensor running_var,
                  const BatchNormOptions& options = {});

// What the two layers share: a weight and a running variance that start from 1, a bias and a
// running mean that start from 0. PyTorch's buffer num_batches_tracked is left out: it matters only
// with momentum=None, and PyTorch loads a model without it.
class BatchNorm : public Layer {
 public:
  Tensor forward(Tensor x) override;
  bool result_may_be_overwritten() const override { return true; }
  Parts parts() const override {
    return {{"weight", weight_}, {"bias", bias_}, {"running_mean", mean_}, {"running_var", var_}};
  }
  std::string name() const override {
    return to_string("BatchNorm", axes_, "d(", weight_.tensor().size(), ")");
  }

 protected:
  BatchNorm(int axes, int channels, const BatchNormOptions& options);

 private:
  int axes_;  // 1 or 2: of the places in a channel
  Parameter weight_, bias_, mean_, var_;
  BatchNormOptions options_;
};

// batch_norm of features, [n, c] -> [n, c], or of sequences, [n, c, l] -> [n, c, l].
struct BatchNorm1d : BatchNorm {
  explicit BatchNorm1d(int channels, const BatchNormOptions& options = {})
      : BatchNorm(1, channels, options) {}
};

// batch_norm of images: [n, c, h, w] -> [n, c, h, w].
struct BatchNorm2d : BatchNorm {
  explicit BatchNorm2d(int channels, const BatchNormOptions& options = {})
      : BatchNorm(2, channels, options) {}
};
}  // namespace temper
