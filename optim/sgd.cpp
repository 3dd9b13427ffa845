// The update of SGD: one pass over parameter, gradient and momentum.
#include "sgd.h"

#include "../core/fast_math.h"
#include "../core/parallel.h"

namespace temper {
SGD::SGD(const Parameters& parameters, const SGDOptions& options)
    : Optimizer(parameters, options.learning_rate), options_(options) {
  require_below_one("SGD", "momentum", options.momentum);
  require(options.dampening >= 0 && options.dampening <= 1,
          "SGD: dampening must be in [0, 1], got ", options.dampening);
  require_not_negative("SGD", "weight_decay", options.weight_decay);
  require(!options.nesterov || (options.momentum > 0 && options.dampening == 0),
          "SGD: nesterov needs a momentum > 0 and no dampening, got momentum ", options.momentum,
          " and dampening ", options.dampening);
  if (options.momentum > 0) momentum_ = make_state();
}

void SGD::update(std::size_t i, const Tensor& parameter) {
  const auto rate = Real(learning_rate()), decay = Real(options_.weight_decay);
  const auto mu = Real(options_.momentum);
  const auto fresh = Real(steps() == 1 ? 1 : 1 - options_.dampening);
  const bool nesterov = options_.nesterov;
  Real* w = parameter.data;
  Real* b = momentum_.empty() ? nullptr : momentum_[i].data();
  const Real* grad = parameter.grad;
  for_each_index(parameter.size(), [=](std::size_t k) {
    Real g = grad[k] + decay * w[k];
    if (b != nullptr) {
      b[k] = fast::flush_tiny(mu * b[k] + fresh * g);
      g = nesterov ? g + mu * b[k] : b[k];
    }
    w[k] -= rate * g;
  });
}
}  // namespace temper
