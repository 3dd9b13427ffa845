// The loops of Sequential.
#include "sequential.h"

namespace temper::inline TEMPER_PRECISION {

namespace {

// What list(layer) gives for each layer, under its number.
template <class List>
Parameters numbered(std::span<const std::unique_ptr<Layer>> layers, List list) {
  Parameters all;
  for (std::size_t i = 0; i < layers.size(); ++i)
    for (NamedTensor& p : prefixed(std::to_string(i), list(*layers[i])))
      all.push_back(std::move(p));
  return all;
}

}  // namespace

Tensor Sequential::forward(Tensor x) {
  for (const auto& layer : layers_) x = layer->forward(x);
  return x;
}

Parameters Sequential::parameters() const {
  return numbered(layers_, [](const Layer& layer) { return layer.parameters(); });
}

Parameters Sequential::buffers() const {
  return numbered(layers_, [](const Layer& layer) { return layer.buffers(); });
}

}  // namespace temper::inline TEMPER_PRECISION
