// Dropout: random zeros while training.
#pragma once

#include "../core/random.h"
#include "layer.h"

namespace temper {
// y = x / (1 - p) with probability 1 - p, else 0, for each number by itself: the expectation is x
// (Srivastava et al. 2014). Which ones is a function of the seed and the index alone. Gives back x
// when the tape infers or p is 0. Throws ShapeError unless p is in [0, 1).
Tensor dropout(Tensor x, double p, std::uint64_t seed);

// dropout with another mask in every training call; those that infer do not count, so evaluating
// changes nothing. It draws a seed from rng when made and keeps nothing else of it.
class Dropout : public FunctionLayer {
 public:
  Dropout(double p, Rng& rng) : p_(p), seed_(rng.next()) { check(p); }

  Tensor forward(Tensor x) override;
  std::string name() const override { return to_string("Dropout(", p_, ")"); }

  static void check(double p);  // throws as dropout does

 private:
  double p_;
  std::uint64_t seed_, calls_ = 0;
};
}  // namespace temper
