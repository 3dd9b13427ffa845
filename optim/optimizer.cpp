// The loop over a model's parameters.
#include "optimizer.h"

#include "../core/parallel.h"

namespace temper {
Optimizer::Optimizer(const Parameters& parameters, double learning_rate) {
  set_learning_rate(learning_rate);
  for (const NamedTensor& p : parameters) {
    const auto is_same = [&](const auto& other) { return other.tensor.data == p.tensor.data; };
    if (p.tensor.grad != nullptr && std::ranges::none_of(parameters_, is_same))
      parameters_.push_back(p);
  }
  require(!parameters_.empty(), "optimizer: none of ", parameters.size(),
          " parameters has a gradient: there is nothing to train");
}

void Optimizer::zero_grad() {
  for (const NamedTensor& p : parameters_)
    for_each_index(p.tensor.size(), [grad = p.tensor.grad](std::size_t i) { grad[i] = 0; });
}

void Optimizer::step() {
  ++steps_;
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    if (const NamedTensor& p = parameters_[i]; p.trained()) {
      update(i, p.tensor);
      if (p.owner != nullptr) ++p.owner->changes;
    }
}

void Optimizer::set_learning_rate(double learning_rate) {
  require_not_negative("optimizer", "learning_rate", learning_rate);
  learning_rate_ = learning_rate;
}

std::vector<Buffer<Real>> Optimizer::make_state() const {
  std::vector<Buffer<Real>> state;
  for (const NamedTensor& p : parameters_) state.emplace_back(p.tensor.size(), "optimizer");
  return state;
}
}  // namespace temper
