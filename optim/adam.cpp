// The update of Adam and AdamW: one pass over parameter, gradient and both moments.
#include "adam.h"

#include "../core/fast_math.h"
#include "../core/parallel.h"

namespace temper {
template <bool decoupled>
AdamOf<decoupled>::AdamOf(const Parameters& parameters, const AdamOptionsOf<decoupled>& options)
    : Optimizer(parameters, options.learning_rate), options_(options) {
  constexpr const char* name = decoupled ? "AdamW" : "Adam";
  require_below_one(name, "beta1", options.beta1);
  require_below_one(name, "beta2", options.beta2);
  require_not_negative(name, "epsilon", options.epsilon);
  require_not_negative(name, "weight_decay", options.weight_decay);
  m_ = make_state();
  v_ = make_state();
}

template <bool decoupled>
void AdamOf<decoupled>::update(std::size_t i, const Tensor& parameter) {
  // η m̂ / (√v̂ + ε) = rate · m / (√v · scale + ε): the corrections cost nothing per number
  const auto rate = Real(learning_rate() / (1 - std::pow(options_.beta1, steps())));
  const auto scale = Real(1 / std::sqrt(1 - std::pow(options_.beta2, steps())));
  const auto epsilon = Real(options_.epsilon);
  const auto beta1 = Real(options_.beta1), rest1 = Real(1 - options_.beta1);
  const auto beta2 = Real(options_.beta2), rest2 = Real(1 - options_.beta2);
  const auto added = Real(decoupled ? 0 : options_.weight_decay);
  const auto kept = Real(decoupled ? 1 - learning_rate() * options_.weight_decay : 1);
  constexpr Real smallest = std::numeric_limits<Real>::min();  // √v is never tiny: less is flushed
  Real *w = parameter.data, *m = m_[i].data(), *v = v_[i].data();
  const Real* grad = parameter.grad;
  for_each_index(parameter.size(), [=](std::size_t k) {
    const Real g = grad[k] + added * w[k];
    m[k] = fast::flush_tiny(beta1 * m[k] + rest1 * g);
    v[k] = fast::flush_tiny(beta2 * v[k] + rest2 * g * g, smallest);
    w[k] = kept * w[k] - rate * m[k] / (std::sqrt(v[k]) * scale + epsilon);
  });
}

template class AdamOf<false>;
template class AdamOf<true>;
}  // namespace temper
