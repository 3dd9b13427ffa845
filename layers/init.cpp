// The formulas of the initializers.
#include "init.h"

#include <algorithm>
#include <cmath>

namespace temper::inline TEMPER_PRECISION {

namespace {

// choose(fan_in, fan_out) is the initializer for a weight of these fans.
template <class Choose>
Initializer by_fans(const char* name, Choose choose) {
  return [=](Tensor weight, Rng& rng) {
    const Shape& shape = weight.shape;
    require(shape.rank() >= 2, name, ": a weight [out, in, ...] is needed, this one is ", shape);
    const auto receptive = static_cast<double>(shape.without(0).without(0).size());
    choose(shape[1] * receptive, shape[0] * receptive)(weight, rng);
  };
}

Initializer symmetric(double bound) { return uniform(-bound, bound); }

}  // namespace

Initializer constant(double c) {
  return [=](Tensor weight, Rng&) { std::ranges::fill(weight.values(), static_cast<Real>(c)); };
}

Initializer uniform(double low, double high) {
  return [=](Tensor weight, Rng& rng) {
    for (Real& w : weight.values()) w = static_cast<Real>(rng.uniform(low, high));
  };
}

Initializer normal(double deviation, double mean) {
  return [=](Tensor weight, Rng& rng) {
    for (Real& w : weight.values()) w = static_cast<Real>(mean + deviation * rng.normal());
  };
}

Initializer fan_in_uniform() {
  return by_fans("fan_in_uniform", [](double in, double) { return symmetric(1 / std::sqrt(in)); });
}

Initializer kaiming_uniform(double gain) {
  return by_fans("kaiming_uniform",
                 [=](double in, double) { return symmetric(gain * std::sqrt(3 / in)); });
}

Initializer kaiming_normal(double gain) {
  return by_fans("kaiming_normal", [=](double in, double) { return normal(gain / std::sqrt(in)); });
}

Initializer xavier_uniform(double gain) {
  return by_fans("xavier_uniform", [=](double in, double out) {
    return symmetric(gain * std::sqrt(6 / (in + out)));
  });
}

Initializer xavier_normal(double gain) {
  return by_fans("xavier_normal",
                 [=](double in, double out) { return normal(gain * std::sqrt(2 / (in + out))); });
}

}  // namespace temper::inline TEMPER_PRECISION
