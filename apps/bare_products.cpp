// Which products a network needs, and doing them as temper's layers do.
#include "bare_products.h"

#include <core/parallel.h>

#include <cstddef>

namespace temper {

namespace {
// Matrix i of the numbers [images, rows, columns].
Matrix matrix_of(const Tensor& all, std::size_t i) {
  const std::size_t size = all.size() / static_cast<std::size_t>(all.shape[0]);
  return {all.data + i * size, all.shape[1], all.shape[2], false};
}
}  // namespace

BareProducts::BareProducts(Sequential& model, const Shape& sample, int batch, bool train) {
  const auto add = [&](int m, int n, int k, int images) {
    const bool first = products_.empty();
    products_.emplace_back(m, n, k, images);
    if (!train) return;
    products_.emplace_back(m, k, n, images);              // the gradient of the weight
    if (!first) products_.emplace_back(k, n, m, images);  // the gradient of the input
  };
  Tape tape(Tape::Mode::infer);
  const Parameter input(sample.batched(batch));
  Tensor x = tape.input(input);
  for (std::size_t i = 0; i < model.size(); ++i) {
    x = model[i].forward(x);
    const Parameters parameters = model[i].parameters();
    if (parameters.empty()) continue;
    const Shape weight = parameters[0].tensor.shape;
    if (weight.rank() == 4)
      add(weight[0], x.shape[2] * x.shape[3], weight[1] * weight[2] * weight[3], batch);
    else
      add(weight[0], batch, weight[1], 1);
  }
  Rng rng(1);
  for (const Product& product : products_) {
    normal()(product.left, rng);
    normal()(product.right, rng);
  }
}

void BareProducts::multiply() const {
  for (const Product& product : products_) product.multiply();
}

// Several images are multiplied in parallel, each of them on one thread.
void BareProducts::Product::multiply() const {
  const auto images = static_cast<std::size_t>(right.tensor().shape[0]);
  const Matrix a = value(left);
  if (images == 1) return multiply_add(a, matrix_of(right, 0), matrix_of(result, 0));
  for_each_block(images, 1, parallel_threshold, [this, a](std::size_t i, std::size_t) {
    multiply_add_alone(a, matrix_of(right, i), matrix_of(result, i));
  });
}
}  // namespace temper
