// What follows from a layer's list of parts.
#include "layer.h"

namespace temper {
// Calls f(name, parameter) for all numbers of a layer and of its parts, in the order of the lists.
static void for_each(const Layer& layer, const std::string& prefix, const auto& f) {
  for (const Part& part : layer.parts())
    if (part.layer != nullptr)
      for_each(*part.layer, prefix + part.name + ".", f);
    else if (part.parameter->tensor().data != nullptr)
      f(prefix + part.name, *part.parameter);
}

Parameters Layer::parameters() const {
  Parameters learned = state();
  std::erase_if(learned, [](const NamedTensor& p) { return p.tensor.grad == nullptr; });
  return learned;
}

Parameters Layer::state() const {
  Parameters all;
  for_each(*this, "", [&](const auto& name, const Parameter& p) { all.emplace_back(name, p); });
  return all;
}

void Layer::freeze(const FreezeOptions& options) {
  for_each(*this, "", [&](const auto&, const Parameter& p) {
    if (p.learned() || options.statistics) p.set_frozen(true);
  });
}

void Layer::unfreeze() {
  for_each(*this, "", [](const auto&, const Parameter& p) { p.set_frozen(false); });
}
}  // namespace temper
