// The loop that every optimizer shares.
#include "optimizer.h"

#include "../core/parallel.h"
#include "options.h"
#include "trained.h"

namespace temper::inline TEMPER_PRECISION {

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
  require_not_negative("optimizer: learning_rate", learning_rate);
  learning_rate_ = learning_rate;
}

std::vector<Buffer<Real>> Optimizer::make_state() const {
  std::vector<Buffer<Real>> state;
  for (const Tensor& p : parameters_) state.emplace_back(p.size());
  return state;
}

}  // namespace temper::inline TEMPER_PRECISION
