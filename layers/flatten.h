// Flatten: the numbers of each sample as one row.
#pragma once

#include "layer.h"

namespace temper {
// [n, ...] -> [n, product of the rest]
struct Flatten : FunctionLayer {
  Tensor forward(Tensor x) override {
    require(x.shape.rank() >= 1, "Flatten: a batch [n, ...] is needed, got ", x.shape);
    return reshape(x, {x.shape[0], static_cast<std::int64_t>(x.shape.without(0).size())});
  }
  std::string name() const override { return "Flatten"; }
};
}  // namespace temper
