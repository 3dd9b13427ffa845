// Reliability diagrams for the terminal.
#pragma once

#include <temper.h>

#include <string>
#include <vector>

namespace temper {
// The lines of a diagram (DeGroot, Fienberg 1983): for each bin of confidence the accuracy as a
// bar, the part that is missing to the bin's confidence (over-confident) or beyond it
// (under-confident), and below it how many images the bin has. All lines have the same width.
std::vector<std::string> reliability_diagram(const std::string& title, const Metrics& metrics);

// Diagrams side by side, with a key.
std::string side_by_side(const std::vector<std::string>& left,
                         const std::vector<std::string>& right);
}  // namespace temper
