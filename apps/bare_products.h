// The limit that the benchmark compares a network with: its matrix products and nothing else.
#pragma once

#include <temper.h>

#include <vector>

namespace temper {
// The products that a training step of a network cannot do without, or inference alone: Linear
// needs one over the whole batch, Conv2d one for each image. In a training step each is followed by
// one for the gradient of the weight and, except in the first layer, one for that of the input.
class BareProducts {
 public:
  BareProducts(Sequential& model, const Shape& sample, int batch, bool train);

  void multiply() const;  // does all of them once

 private:
  // [m, k] [k, n], with one left matrix for all images, but a right one and a result for each.
  struct Product {
    Parameter left, right, result;
    Product(int m, int n, int k, int images)
        : left({m, k}), right({images, k, n}), result({images, m, n}) {}
    void multiply() const;
  };
  std::vector<Product> products_;
};
}  // namespace temper
