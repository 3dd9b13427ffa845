// The table: run every layer, collect its cells, pad them to columns.
#include "summary.h"

#include <algorithm>
#include <array>
#include <iomanip>
#include <set>
#include <vector>

namespace temper {

namespace {
using Row = std::array<std::string, 4>;  // number, name, shape, parameters

// The numbers that are trained; those of tied parameters once.
std::size_t count(const Parameters& parameters) {
  std::set<const Real*> seen;
  std::size_t total = 0;
  for (const auto& [name, p] : parameters)
    if (seen.insert(p.data).second) total += p.size();
  return total;
}

std::string thousands(std::size_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

// [1, 128], from a batch of one sample, as [n, 128].
std::string batch_shape(const Shape& shape) {
  std::string result = text(shape);
  if (shape.rank() > 0 && shape[0] == 1) result[1] = 'n';
  return result;
}

// Adds a row for the layer, or for each layer that it is made of; returns its output.
Tensor add_rows(std::vector<Row>& rows, const std::string& number, Layer& layer, Tensor x) {
  const auto children = layer.children();
  for (std::size_t i = 0; i < children.size(); ++i)
    x = add_rows(rows, text(number, number.empty() ? "" : ".", i), *children[i], x);
  if (!children.empty()) return x;
  x = layer.forward(x);
  rows.push_back(
      {number, layer.name(), batch_shape(x.shape), thousands(count(layer.parameters()))});
  return x;
}
}  // namespace

std::string summary(Layer& model, Shape input) {
  const Parameter zeros(input.batched(1));
  Tape tape(Tape::Mode::infer);
  std::vector<Row> rows = {{"", "layer", "output", "parameters"}};
  add_rows(rows, "", model, tape.input(zeros));
  rows.push_back({"", "total", "", thousands(count(model.parameters()))});

  std::array<std::size_t, 4> width{};
  for (const Row& row : rows)
    for (std::size_t c = 0; c < 4; ++c) width[c] = std::max(width[c], row[c].size());
  if (width[0] > 0) width[0] += 2;
  std::ostringstream table;
  const auto column = [&](std::size_t c) { return std::setw(static_cast<int>(width[c])); };
  for (const auto& [number, name, shape, parameters] : rows)
    table << std::left << column(0) << number << column(1) << name << "  " << column(2) << shape
          << "  " << std::right << column(3) << parameters << '\n';
  return table.str();
}
}  // namespace temper
