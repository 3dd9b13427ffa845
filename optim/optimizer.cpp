// The loops over a model's parameters: those of every optimizer, and those of clipping.
#include "optimizer.h"

#include <algorithm>

#include "../core/parallel.h"
#include "../core/tape.h"

namespace temper {
// Calls f(p) for every parameter that has a gradient (one without is frozen), and only for the
// first of those that share their memory (tied weights). Allocates nothing.
template <class F>
static void for_each_trained(const Parameters& parameters, F f) {
  for (auto p = parameters.begin(); p != parameters.end(); ++p) {
    const auto tied = [&](const NamedTensor& other) {
      return other.tensor.grad != nullptr && other.tensor.data == p->tensor.data;
    };
    if (p->tensor.grad != nullptr && std::none_of(parameters.begin(), p, tied)) f(*p);
  }
}

// Replaces every number g of the gradients by f(g).
template <class F>
static void map_gradients(const Parameters& parameters, F f) {
  for_each_trained(parameters, [=](const NamedTensor& p) {
    for_each_index(p.tensor.size(), [=, g = p.tensor.grad](std::size_t i) { g[i] = f(g[i]); });
  });
}

Optimizer::Optimizer(const Parameters& parameters, double learning_rate) {
  set_learning_rate(learning_rate);
  for_each_trained(parameters, [&](const NamedTensor& p) { parameters_.push_back(p.tensor); });
  require(!parameters_.empty(), "optimizer: none of ", parameters.size(),
          " parameters has a gradient: there is nothing to train");
}

void Optimizer::zero_grad() {
  for (const Tensor& p : parameters_)
    for_each_index(p.size(), [grad = p.grad](std::size_t i) { grad[i] = 0; });
}

void Optimizer::step() {
  ++steps_;
  for (std::size_t i = 0; i < parameters_.size(); ++i) update(i, parameters_[i]);
}

void Optimizer::set_learning_rate(double learning_rate) {
  require_not_negative("optimizer", "learning_rate", learning_rate);
  learning_rate_ = learning_rate;
}

std::vector<Buffer<Real>> Optimizer::make_state() const {
  std::vector<Buffer<Real>> state;
  for (const Tensor& p : parameters_) state.emplace_back(p.size());
  return state;
}

double clip_grad_norm(const Parameters& parameters, double max_norm) {
  require_not_negative("clip_grad_norm", "max_norm", max_norm);
  double squares = 0;
  for_each_trained(parameters, [&](const NamedTensor& p) {
    // in double: the square of a large float, which is what clipping is for, overflows a float
    const double sum = parallel_sum(p.tensor.size(), [g = p.tensor.grad](std::size_t i) {
      return static_cast<double>(g[i]) * static_cast<double>(g[i]);
    });
    if (!std::isfinite(sum))
      fail<NumericError>("clip_grad_norm: the gradient of ", p.name, " ", p.tensor.shape,
                         " has no finite norm");
    squares += sum;
  });
  const double norm = std::sqrt(squares), scale = max_norm / (norm + 1e-6);
  if (scale < 1)
    map_gradients(parameters, [s = static_cast<Real>(scale)](Real g) { return s * g; });
  return norm;
}

void clip_grad_value(const Parameters& parameters, double limit) {
  require_not_negative("clip_grad_value", "limit", limit);
  map_gradients(parameters, [high = static_cast<Real>(limit)](Real g) {
    return g > high ? high : g < -high ? -high : g;
  });
}
}  // namespace temper
