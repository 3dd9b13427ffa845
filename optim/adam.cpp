// The update of Adam and AdamW: one pass over parameter, gradient and both moments.
#include "adam.h"

#include <cmath>
#include <string>

#include "../core/fast_math.h"
#include "../core/parallel.h"
#include "options.h"

namespace temper::inline TEMPER_PRECISION {

Adam::Adam(const char* name, const Parameters& parameters, const AdamOptions& options,
           bool decoupled)
    : Optimizer(parameters, options.learning_rate),
      options_(options),
      decoupled_(decoupled),
      m_(make_state()),
      v_(make_state()) {
  const std::string prefix = std::string(name) + ": ";
  require_below_one((prefix + "beta1").c_str(), options.beta1);
  require_below_one((prefix + "beta2").c_str(), options.beta2);
  require_not_negative((prefix + "epsilon").c_str(), options.epsilon);
  require_not_negative((prefix + "weight_decay").c_str(), options.weight_decay);
}

Adam::Adam(const Parameters& parameters, const AdamOptions& options)
    : Adam("Adam", parameters, options, false) {}

AdamW::AdamW(const Parameters& parameters, const AdamWOptions& options)
    : Adam("AdamW", parameters,
           {.learning_rate = options.learning_rate,
            .beta1 = options.beta1,
            .beta2 = options.beta2,
            .epsilon = options.epsilon,
            .weight_decay = options.weight_decay},
           true) {}

void Adam::update(std::size_t i, const Tensor& parameter) {
  // η m̂ / (√v̂ + ε) = rate · m / (√v · scale + ε): the corrections cost nothing per number
  const auto rate = static_cast<Real>(learning_rate() / (1 - std::pow(options_.beta1, steps())));
  const auto scale = static_cast<Real>(1 / std::sqrt(1 - std::pow(options_.beta2, steps())));
  const auto epsilon = static_cast<Real>(options_.epsilon);
  const auto beta1 = static_cast<Real>(options_.beta1),
             rest1 = static_cast<Real>(1 - options_.beta1);
  const auto beta2 = static_cast<Real>(options_.beta2),
             rest2 = static_cast<Real>(1 - options_.beta2);
  const auto added = static_cast<Real>(decoupled_ ? 0 : options_.weight_decay);
  const auto kept = static_cast<Real>(decoupled_ ? 1 - learning_rate() * options_.weight_decay : 1);
  Real *w = parameter.data, *m = m_[i].data(), *v = v_[i].data();
  const Real* grad = parameter.grad;
  for_each_index(parameter.size(), [=](std::size_t k) {
    const Real g = grad[k] + added * w[k];
    m[k] = fast::flush_tiny(beta1 * m[k] + rest1 * g);
    v[k] = fast::flush_tiny(beta2 * v[k] + rest2 * g * g);
    w[k] = kept * w[k] - rate * m[k] / (std::sqrt(v[k]) * scale + epsilon);
  });
}

}  // namespace temper::inline TEMPER_PRECISION
