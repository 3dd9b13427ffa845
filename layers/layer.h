// Layer: a function with parameters.
#pragma once

#include "../core/ops.h"
#include "../core/parameter.h"

namespace temper {
class Layer;

// One thing that a layer consists of, by the name PyTorch gives it: another layer, or numbers of
// its own. A part is a view, valid while the layer lives and stays where it is.
struct Part {
  std::string name;
  const Layer* layer = nullptr;          // one of both
  const Parameter* parameter = nullptr;  // learned, or not: running statistics

  Part(std::string its_name, const Layer& one) : name(std::move(its_name)), layer(&one) {}
  Part(std::string its_name, const Parameter& own) : name(std::move(its_name)), parameter(&own) {}
};
using Parts = std::vector<Part>;

struct FreezeOptions {
  bool statistics = false;  // batch norm then uses its running statistics, which stand still
};

// A layer owns its parameters; it moves and does not copy. Whether it trains or infers is the mode
// of its input's tape. A module of one's own is a struct of layers that says once what they are:
//
//   struct TwoLayers : Layer {
//     Linear fc1, fc2;
//     explicit TwoLayers(Rng& rng) : fc1(784, 128, rng), fc2(128, 10, rng) {}
//     Tensor forward(Tensor x) override { return fc2.forward(relu(fc1.forward(x))); }
//     Parts parts() const override { return {{"fc1", fc1}, {"fc2", fc2}}; }
//   };
//
// What is forgotten there is neither trained nor saved, so summary() and evaluate() refuse a model
// whose forward() uses a learned parameter that its parts do not have. Training alone says nothing.
class Layer {
 public:
  Layer() = default;
  Layer(Layer&&) = default;
  Layer& operator=(Layer&&) = default;
  virtual ~Layer() = default;

  virtual Tensor forward(Tensor x) = 0;
  virtual Parts parts() const = 0;

  virtual std::string name() const { return "Layer"; }  // in a summary: "Linear(784, 128)"

  // A Sequential saves memory where a layer may write its result over its input: where the layer
  // before does not look at that number again on the way back.
  virtual bool result_may_be_overwritten() const { return false; }
  virtual Tensor forward_in_place(Tensor x) { return forward(x); }

  // All that is learned, frozen or not: for an optimizer. Names of parts are joined: "fc1.weight".
  Parameters parameters() const;

  // The same and what is not learned (running statistics): what a file has to hold.
  Parameters state() const;

  // All parameters below want no gradient, and are not trained or clipped, until unfreeze(). The
  // running statistics of batch norm go on moving unless the options say otherwise.
  void freeze(const FreezeOptions& options = {});
  void unfreeze();
};

// A layer that is nothing but a function.
struct FunctionLayer : Layer {
  Parts parts() const final { return {}; }
};
}  // namespace temper
