// Which of a model's parameters are trained.
#pragma once

#include <algorithm>

#include "../core/tensor.h"

namespace temper::inline TEMPER_PRECISION {

// Calls f(p) for every parameter that has a gradient (one without is frozen), and only for the
// first of those that share their memory (tied weights). Allocates nothing.
template <class F>
void for_each_trained(const Parameters& parameters, F f) {
  for (auto p = parameters.begin(); p != parameters.end(); ++p) {
    const auto tied = [&](const NamedTensor& other) {
      return other.tensor.grad != nullptr && other.tensor.data == p->tensor.data;
    };
    if (p->tensor.grad != nullptr && std::none_of(parameters.begin(), p, tied)) f(*p);
  }
}

}  // namespace temper::inline TEMPER_PRECISION
