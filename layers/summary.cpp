// The table: run every layer, collect its cells, pad them to columns.
#include "summary.h"

#include <array>
#include <set>

#include "sequential.h"

namespace temper {
namespace {
using Row = std::array<std::string, 4>;  // place, name, shape, parameters

std::string thousands(std::size_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

// Adds the rows of a layer at a place, "" or "0.1.", and of those in it: what each learns itself.
void add_row(std::vector<Row>& rows, const std::string& place, const Layer& layer,
             const std::string& shape) {
  const std::size_t own = rows.size();
  rows.emplace_back();
  std::size_t learned = 0;
  bool frozen = false;
  for (const Part& part : layer.parts())
    if (part.layer != nullptr) {
      add_row(rows, place + part.name + ".", *part.layer, "");
    } else if (part.parameter->learned()) {
      learned += part.parameter->tensor().size();
      frozen |= part.parameter->frozen();
    }
  const std::string number = place.empty() ? "" : place.substr(0, place.size() - 1) + "  ";
  rows[own] = {number, layer.name() + (frozen ? ", frozen" : ""), shape, thousands(learned)};
}

// Adds the rows of a layer, which it runs; returns the output.
Tensor add_rows(std::vector<Row>& rows, const std::string& place, Layer& layer, Tensor x) {
  const auto* sequence = dynamic_cast<const Sequential*>(&layer);
  if (sequence != nullptr && sequence->size() > 0) {
    for (std::size_t i = 0; i < sequence->size(); ++i)
      x = add_rows(rows, place + std::to_string(i) + ".", (*sequence)[i], x);
    return x;
  }
  x = layer.forward(x);
  std::string shape = to_string(x.shape);
  if (x.shape.rank() > 0 && x.shape[0] == 1) shape[1] = 'n';  // the one sample of the batch
  add_row(rows, place, layer, shape);
  return x;
}
}  // namespace

std::string summary(Layer& model, Shape input) {
  const Parameter zeros = Parameter::not_learned(input.batched(1));
  Tape tape(Tape::Mode::infer);
  std::vector<Row> rows = {{"", "layer", "output", "parameters"}};
  add_rows(rows, "", model, tape.input(zeros));
  const Parameters parameters = model.parameters();
  check_listed("summary", tape, parameters);
  std::size_t total = 0;  // tied parameters count once
  std::set<const Real*> seen;
  for (const NamedTensor& p : parameters)
    if (seen.insert(p.tensor.data).second) total += p.tensor.size();
  rows.push_back({"", "total", "", thousands(total)});

  for (std::size_t c = 0; c < 4; ++c) {  // pads, the last column on its left
    std::size_t width = 0;
    for (const Row& row : rows) width = std::max(width, row[c].size());
    for (Row& row : rows) row[c].insert(c < 3 ? row[c].size() : 0, width - row[c].size(), ' ');
  }
  std::string table;
  for (const Row& row : rows) table += to_string(row[0], row[1], "  ", row[2], "  ", row[3], '\n');
  return table;
}
}  // namespace temper
