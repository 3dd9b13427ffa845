// The update of RMSprop: one pass over parameter, gradient and the state in use.
#include "rmsprop.h"

#include "../core/fast_math.h"
#include "../core/parallel.h"

namespace temper {
RMSprop::RMSprop(const Parameters& parameters, const RMSpropOptions& options)
    : Optimizer(parameters, options.learning_rate), options_(options), square_(make_state()) {
  require_below_one("RMSprop", "alpha", options.alpha);
  require_not_negative("RMSprop", "epsilon", options.epsilon);
  require_below_one("RMSprop", "momentum", options.momentum);
  require_not_negative("RMSprop", "weight_decay", options.weight_decay);
  if (options.centered) mean_ = make_state();
  if (options.momentum > 0) momentum_ = make_state();
}

void RMSprop::update(std::size_t i, const Tensor& parameter) {
  const auto rate = Real(learning_rate()), decay = Real(options_.weight_decay);
  const auto alpha = Real(options_.alpha), rest = Real(1 - options_.alpha);
  const auto epsilon = Real(options_.epsilon), mu = Real(options_.momentum);
  constexpr Real smallest = std::numeric_limits<Real>::min();  // √v is never tiny: less is flushed
  Real *w = parameter.data, *v = square_[i].data();
  Real* a = mean_.empty() ? nullptr : mean_[i].data();
  Real* b = momentum_.empty() ? nullptr : momentum_[i].data();
  const Real* grad = parameter.grad;
  for_each_index(parameter.size(), [=](std::size_t k) {
    const Real g = grad[k] + decay * w[k];
    v[k] = fast::flush_tiny(alpha * v[k] + rest * g * g, smallest);
    Real variance = v[k];
    if (a != nullptr) {
      a[k] = fast::flush_tiny(alpha * a[k] + rest * g);
      variance = std::max(variance - a[k] * a[k], Real(0));  // in this order: NaN stays
    }
    Real step = g / (std::sqrt(variance) + epsilon);
    if (b != nullptr) step = b[k] = fast::flush_tiny(mu * b[k] + step);
    w[k] -= rate * step;
  });
}
}  // namespace temper
