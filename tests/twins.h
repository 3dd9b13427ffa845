// The numbers that one kernel computes, under its name.
#pragma once

#include <string>
#include <vector>

struct Twin {
  std::string name;
  std::vector<double> numbers;
};
