// Layer: a function with parameters.
#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string>

#include "../core/ops.h"
#include "../core/tape.h"
#include "../core/tensor.h"

namespace temper {
// A layer owns its parameters, moves and does not copy. Whether it trains or infers is the mode of
// the tape that its input is on. A module of one's own is a struct with layers as members:
//
//   struct TwoLayers : Layer {
//     Linear fc1, fc2;
//     explicit TwoLayers(Rng& rng) : fc1(784, 128, rng), fc2(128, 10, rng) {}
//     Tensor forward(Tensor x) override { return fc2.forward(relu(fc1.forward(x))); }
//     Parameters parameters() const override {
//       return joined({prefixed("fc1", fc1.parameters()), prefixed("fc2", fc2.parameters())});
//     }
//   };
class Layer {
 public:
  Layer() = default;
  Layer(Layer&&) = default;
  Layer& operator=(Layer&&) = default;
  virtual ~Layer() = default;

  virtual Tensor forward(Tensor x) = 0;

  // What a Sequential needs to save memory: whether going back through forward() never looks at its
  // result, and forward() for such a result of another layer, which it may overwrite.
  virtual bool spares_result() const { return false; }
  virtual Tensor forward_in_place(Tensor x) { return forward(x); }

  // What is trained, by the names PyTorch uses: return {{"weight", weight_}, {"bias", bias_}};
  virtual Parameters parameters() const { return {}; }

  // What is saved with them but not trained, named in the same way: running statistics.
  virtual Parameters buffers() const { return {}; }

  // What a summary calls it: "Linear(784, 128)".
  virtual std::string name() const { return "Layer"; }

  // The layers that forward() is nothing but the sequence of: a summary lists them one by one.
  virtual std::span<const std::unique_ptr<Layer>> children() const { return {}; }
};

// Several lists of parameters as one.
inline Parameters joined(std::initializer_list<Parameters> lists) {
  Parameters all;
  for (const Parameters& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}
}  // namespace temper
