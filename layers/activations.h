// Activations as layers; the functions and their derivatives are in core/ops.h.
#pragma once

#include "layer.h"

namespace temper {
struct ReLU : FunctionLayer {
  Tensor forward(Tensor x) override { return relu(x); }
  Tensor forward_in_place(Tensor x) override { return relu_in_place(x); }
  std::string name() const override { return "ReLU"; }
};

struct LeakyReLU : FunctionLayer {
  explicit LeakyReLU(double s = 0.01) : slope(s) {}
  Tensor forward(Tensor x) override { return leaky_relu(x, slope); }
  std::string name() const override { return to_string("LeakyReLU(", slope, ")"); }
  double slope;
};

struct GELU : FunctionLayer {
  Tensor forward(Tensor x) override { return gelu(x); }
  std::string name() const override { return "GELU"; }
};

struct Tanh : FunctionLayer {
  Tensor forward(Tensor x) override { return tanh(x); }
  std::string name() const override { return "Tanh"; }
};

struct Sigmoid : FunctionLayer {
  Tensor forward(Tensor x) override { return sigmoid(x); }
  std::string name() const override { return "Sigmoid"; }
};

// Over the last axis. A classifier for softmax_cross_entropy ends without it: that takes logits.
struct Softmax : FunctionLayer {
  Tensor forward(Tensor x) override { return softmax(x); }
  std::string name() const override { return "Softmax"; }
};

struct LogSoftmax : FunctionLayer {
  Tensor forward(Tensor x) override { return log_softmax(x); }
  std::string name() const override { return "LogSoftmax"; }
};
}  // namespace temper
