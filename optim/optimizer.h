// Optimizer: changes parameters by their gradients.
#pragma once

#include <cmath>

#include "../core/parameter.h"

namespace temper {
// The base owns the loop and the count of steps; a subclass writes the update of one parameter. A
// parameter that is listed twice (tied weights) is updated once, one without a gradient never, and
// one whose layer is frozen not until unfreeze(). All state is made in the constructor: a step
// allocates nothing. It shares the parameters with their layers, which may move or end before it.
class Optimizer {
 public:
  Optimizer(Optimizer&&) = default;  // moves, does not copy: two would fight over the parameters
  Optimizer& operator=(Optimizer&&) = default;
  virtual ~Optimizer() = default;

  void zero_grad();  // sets every gradient to 0: before each backward(), which adds
  void step();       // updates every parameter

  double learning_rate() const { return learning_rate_; }
  void set_learning_rate(double learning_rate);  // >= 0, else ShapeError; see schedule.h

  const Parameters& parameters() const { return parameters_; }  // each once

 protected:
  // Throws ShapeError for a learning rate < 0 or not finite, and if no parameter has a gradient.
  Optimizer(const Parameters& parameters, double learning_rate);

  // A buffer of zeros for every parameter: momentum and the like.
  std::vector<Buffer<Real>> make_state() const;

  // Updates the i-th parameter; steps() counts from 1 and is the same for all parameters of a step.
  virtual void update(std::size_t i, const Tensor& parameter) = 0;
  int steps() const { return steps_; }

 private:
  Parameters parameters_;
  double learning_rate_ = 0;
  int steps_ = 0;
};

// Checks of options. Both throw ShapeError and refuse NaN; the first refuses infinity too.
inline void require_not_negative(const char* owner, const char* option, double x) {
  require(x >= 0 && std::isfinite(x), owner, ": ", option, " must be a number >= 0, got ", x);
}
inline void require_below_one(const char* owner, const char* option, double x) {
  require(x >= 0 && x < 1, owner, ": ", option, " must be in [0, 1), got ", x);
}
}  // namespace temper
