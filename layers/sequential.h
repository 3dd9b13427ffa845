// Sequential: layers one after the other.
#pragma once

#include <type_traits>
#include <utility>
#include <vector>

#include "layer.h"

namespace temper {
// Sequential model{Linear(784, 128, rng), ReLU(), Linear(128, 10, rng)};
//
// It owns its layers and names their parameters as PyTorch does: "0.weight", "2.bias". Use braces:
// they make the layers draw from rng from left to right. A Sequential is a layer, so it nests; but
// Sequential{Sequential{...}} alone is that inner one, moved. Sequential{} gives back its input.
class Sequential : public Layer {
 public:
  Sequential() = default;

  // Takes temporaries, or std::move(layer), of any types derived from Layer.
  template <class... Layers>
  explicit Sequential(Layers&&... layers) {
    // T in T&& is a reference for everything but temporaries
    constexpr bool all_layers = (std::is_base_of_v<Layer, Layers> && ...);
    static_assert(all_layers, "Sequential takes layers, as temporaries or by std::move(layer)");
    if constexpr (all_layers) (add(std::forward<Layers>(layers)), ...);
  }

  // Appends a layer: for models whose size is only known when the program runs.
  template <class L>
  void add(L layer) {
    layers_.push_back(std::make_unique<L>(std::move(layer)));
  }

  Tensor forward(Tensor x) override {
    bool spared = false;  // x is the result of a layer here, which will not look at it again
    for (const auto& layer : layers_) {
      x = spared ? layer->forward_in_place(x) : layer->forward(x);
      spared = layer->spares_result();
    }
    return x;
  }
  Parameters parameters() const override { return numbered(&Layer::parameters); }
  Parameters buffers() const override { return numbered(&Layer::buffers); }
  std::string name() const override { return "Sequential"; }
  std::span<const std::unique_ptr<Layer>> children() const override { return layers_; }

 private:
  // What each layer lists, under its number.
  Parameters numbered(Parameters (Layer::*list)() const) const {
    Parameters all;
    for (std::size_t i = 0; i < layers_.size(); ++i)
      for (NamedTensor& p : prefixed(std::to_string(i), (*layers_[i].*list)()))
        all.push_back(std::move(p));
    return all;
  }

  std::vector<std::unique_ptr<Layer>> layers_;
};
}  // namespace temper
