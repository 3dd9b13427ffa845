// Sequential: layers one after the other.
#pragma once

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
    // A layer given by its name deduces a reference type, and that has no base.
    constexpr bool all_layers = (std::is_base_of_v<Layer, Layers> && ...);
    static_assert(all_layers, "Sequential takes layers, as temporaries or by std::move(layer)");
    if constexpr (all_layers) (add(std::forward<Layers>(layers)), ...);
  }

  // Appends a layer: for models whose size is only known when the program runs.
  void add(auto layer) { layers_.push_back(std::make_unique<decltype(layer)>(std::move(layer))); }

  std::size_t size() const { return layers_.size(); }
  Layer& operator[](std::size_t i) const { return *layers_.at(i); }

  Tensor forward(Tensor x) override {
    bool overwrite = false;  // x is the result of a layer here that does not need it any more
    for (const auto& layer : layers_) {
      x = overwrite ? layer->forward_in_place(x) : layer->forward(x);
      overwrite = layer->result_may_be_overwritten();
    }
    return x;
  }
  Parts parts() const override {
    Parts all;
    for (const auto& layer : layers_) all.emplace_back(std::to_string(all.size()), *layer);
    return all;
  }
  std::string name() const override { return "Sequential"; }

 private:
  std::vector<std::unique_ptr<Layer>> layers_;
};
}  // namespace temper
