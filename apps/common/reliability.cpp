// Reliability diagrams drawn with block characters.
#include "reliability.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace temper {

namespace {
constexpr int height = 12;
constexpr int bar_width = 2;

std::string repeat(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

// Text of the given width in columns, for ASCII only.
std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}
}  // namespace

std::vector<std::string> reliability_diagram(const std::string& title, const Metrics& metrics) {
  const std::vector<Metrics::Bin>& bins = metrics.bins();
  const std::size_t width = bins.size() * bar_width;
  std::vector<std::string> lines = {padded("      " + title, width + 7)};
  for (int row = height; row > 0; --row) {  // a cell is full where the value reaches its middle
    const double middle = (row - 0.5) / height;
    char label[8];
    std::snprintf(label, sizeof label, "%3.0f %% ", 100.0 * row / height);
    std::string line = row % 3 == 0 ? label : "      ";
    line += row % 3 == 0 ? "┤" : "│";
    for (const Metrics::Bin& bin : bins) {
      const auto n = static_cast<double>(bin.count);
      const bool accurate = static_cast<double>(bin.correct) >= middle * n && n > 0;
      const bool confident = bin.confidence >= middle * n && n > 0;
      line += repeat(accurate && confident ? "█"
                     : accurate            ? "▒"
                     : confident           ? "░"
                                           : " ",
                     bar_width);
    }
    lines.push_back(line);
  }
  lines.push_back("  0 % └" + repeat("─", static_cast<int>(width)));
  lines.push_back(padded("       0 %", width / 2 + 2) + "confidence" +
                  padded("", width - width / 2 - 10) + "100 %");
  // a bar of images per bin, by their logarithm: one image is visible beside ten thousand
  const char* eighths[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string counts = "images ";
  for (const Metrics::Bin& bin : bins) {
    const double share = std::log1p(static_cast<double>(bin.count)) /
                         std::log1p(static_cast<double>(metrics.count()));
    counts += repeat(eighths[static_cast<int>(std::ceil(8 * share))], bar_width);
  }
  lines.push_back(counts);
  return lines;
}

std::string side_by_side(const std::vector<std::string>& left,
                         const std::vector<std::string>& right) {
  std::string text;
  for (std::size_t i = 0; i < left.size(); ++i) text += left[i] + "   " + right[i] + "\n";
  return text + "\n    █ accuracy   ░ less than the confidence: over   ▒ more: under-confident\n";
}
}  // namespace temper
