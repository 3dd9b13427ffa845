// The numbers that PyTorch computed, by name.
#pragma once

#include <map>
#include <string>
#include <vector>

inline const std::vector<double>& pytorch(const std::string& name) {
  static const std::map<std::string, std::vector<double>> numbers = {
#include "optimizer_reference.inc"
  };
  return numbers.at(name);
}
