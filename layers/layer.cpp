// What follows from a layer's list of parts.
#include "layer.h"

namespace temper {
// Calls f(name, parameter) for all numbers of a layer and of its parts, in the order of the lists.
template <class F>
static void for_each_parameter(const Layer& layer, const std::string& prefix, F f) {
  for (const Part& part : layer.parts()) {
    if (part.layer != nullptr)
      for_each_parameter(*part.layer, prefix + part.name + ".", f);
    else if (part.parameter->tensor().data != nullptr)
      f(prefix + part.name, *part.parameter);
  }
}

Parameters Layer::parameters() const {
  Parameters all;
  for_each_parameter(*this, "", [&](const std::string& name, const Parameter& p) {
    if (p.learned()) all.emplace_back(name, p);
  });
  return all;
}

Parameters Layer::state() const {
  Parameters all;
  for_each_parameter(
      *this, "", [&](const std::string& name, const Parameter& p) { all.emplace_back(name, p); });
  return all;
}

void Layer::freeze(const FreezeOptions& options) {
  for_each_parameter(*this, "", [&](const std::string&, const Parameter& p) {
    if (p.learned() || options.statistics) p.set_frozen(true);
  });
}

void Layer::unfreeze() {
  for_each_parameter(*this, "",
                     [](const std::string&, const Parameter& p) { p.set_frozen(false); });
}
}  // namespace temper
