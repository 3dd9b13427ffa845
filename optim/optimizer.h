// Optimizer: changes parameters by their gradients.
#pragma once

#include <cstddef>
#include <vector>

#include "../core/buffer.h"
#include "../core/tensor.h"

namespace temper::inline TEMPER_PRECISION {

// The base owns the loop and the count of steps; a subclass writes the update of one parameter. A
// parameter that is listed twice (tied weights) is updated once, one without a gradient (frozen)
// never. All state is made in the constructor: a step allocates nothing. One thread at a time.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  void zero_grad();  // sets every gradient to 0: before each backward(), which adds
  void step();       // updates every parameter

  double learning_rate() const { return learning_rate_; }
  void set_learning_rate(double learning_rate);  // >= 0; what schedules compute

 protected:
  Optimizer(const Parameters& parameters, double learning_rate);

  // A buffer of zeros for every parameter: momentum and the like.
  std::vector<Buffer<Real>> make_state() const;

  // Updates the i-th parameter; steps() counts from 1 and is the same for all parameters of a step.
  virtual void update(std::size_t i, const Tensor& parameter) = 0;
  int steps() const { return steps_; }

 private:
  std::vector<Tensor> parameters_;
  double learning_rate_;
  int steps_ = 0;
};

}  // namespace temper::inline TEMPER_PRECISION
