// The update of SGD: one pass over parameter, gradient and momentum.
#include "sgd.h"

#include "../core/fast_math.h"
#include "../core/parallel.h"
#include "options.h"

namespace temper::inline TEMPER_PRECISION {

SGD::SGD(const Parameters& parameters, const SGDOptions& options)
    : Optimizer(parameters, options.learning_rate), options_(options) {
  require_below_one("SGD: momentum", options.momentum);
  require(options.dampening >= 0 && options.dampening <= 1,
          "SGD: dampening must be in [0, 1], got ", options.dampening);
  require_not_negative("SGD: weight_decay", options.weight_decay);
  require(!options.nesterov || (options.momentum > 0 && options.dampening == 0),
          "SGD: nesterov needs a momentum > 0 and no dampening, got momentum ", options.momentum,
          " and dampening ", options.dampening);
  if (options.momentum > 0) momentum_ = make_state();
}

void SGD::update(std::size_t i, const Tensor& parameter) {
  Real* w = parameter.data;
  const Real* grad = parameter.grad;
  const auto rate = static_cast<Real>(learning_rate());
  const auto decay = static_cast<Real>(options_.weight_decay);
  if (momentum_.empty())
    return for_each_index(parameter.size(),
                          [=](std::size_t k) { w[k] -= rate * (grad[k] + decay * w[k]); });

  Real* b = momentum_[i].data();
  const auto mu = static_cast<Real>(options_.momentum);
  const auto fresh = static_cast<Real>(steps() == 1 ? 1 : 1 - options_.dampening);
  for_each_index(parameter.size(), [=, nesterov = options_.nesterov](std::size_t k) {
    const Real g = grad[k] + decay * w[k];
    b[k] = fast::flush_tiny(mu * b[k] + fresh * g);
    w[k] -= rate * (nesterov ? g + mu * b[k] : b[k]);
  });
}

}  // namespace temper::inline TEMPER_PRECISION
