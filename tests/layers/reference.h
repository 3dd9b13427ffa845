// The numbers that PyTorch's layers computed, by name.
#pragma once

#include <map>
#include <string>
#include <vector>

inline const std::vector<double>& pytorch_layer(const std::string& name) {
  static const std::map<std::string, std::vector<double>> numbers = {
#include "layer_reference.inc"
  };
  return numbers.at(name);
}
