// Flatten and Unflatten: another shape for the same numbers of each sample.
#pragma once

#include "layer.h"

namespace temper::inline TEMPER_PRECISION {

// [n, ...] -> [n, product of the rest]
struct Flatten : Layer {
  Tensor forward(Tensor x) override {
    require(x.shape.rank() >= 1, "Flatten: a batch [n, ...] is needed, got ", x.shape);
    return reshape(x, {x.shape[0], static_cast<int>(x.shape.without(0).size())});
  }
  std::string name() const override { return "Flatten"; }
};

// [n, product] -> [n, shape...]: Unflatten({1, 28, 28})
struct Unflatten : Layer {
  explicit Unflatten(Shape shape) : shape(shape) {}
  Tensor forward(Tensor x) override { return reshape(x, shape.batched(x.shape[0])); }
  std::string name() const override { return text("Unflatten(", shape, ")"); }
  Shape shape;
};

}  // namespace temper::inline TEMPER_PRECISION
