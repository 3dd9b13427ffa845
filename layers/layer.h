// Layer: a function with parameters.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/ops.h"
#include "../core/tape.h"
#include "../core/tensor.h"

namespace temper::inline TEMPER_PRECISION {

// A layer owns its parameters, moves and does not copy. Whether it trains or infers is the mode of
// the tape that its input is on.
class Layer {
 public:
  Layer() = default;
  Layer(Layer&&) = default;
  Layer& operator=(Layer&&) = default;
  virtual ~Layer() = default;

  virtual Tensor forward(Tensor x) = 0;

  // What is trained, by the names PyTorch uses: return {{"weight", weight_}, {"bias", bias_}};
  virtual Parameters parameters() const { return {}; }

  // What a summary calls it: "Linear(784, 128)".
  virtual std::string name() const = 0;
};

}  // namespace temper::inline TEMPER_PRECISION
