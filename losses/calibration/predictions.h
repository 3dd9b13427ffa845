// Predictions: what a model says about a data set, kept for measures that look at all rows at once.
#pragma once

#include "../metrics.h"

namespace temper {
// The logits of n rows and their labels.
struct Predictions {
  int classes = 0;
  std::vector<Real> logits = {};  // [n, classes]
  std::vector<int> labels = {};   // n

  // Adds rows of logits and labels as of softmax_cross_entropy(), but those that are ignored.
  // Throws ShapeError for other shapes, and unless each row or pixel has a label.
  void add(const char* caller, Tensor z, Labels truth, std::optional<int> ignore_index = {});

  int size() const { return tensor().shape[0]; }  // n
  Tensor tensor() const;                          // the logits, a view to read
  std::span<const Real> row(std::size_t r) const {
    const auto length = static_cast<std::size_t>(classes);
    return std::span(logits).subspan(r * length, length);
  }

  // All measures call it. Throws ShapeError, beginning with the name of the caller, for no rows or
  // counts that do not fit, rows of NaN, +inf or only -inf, and true labels that are no class.
  void check(const char* caller, bool true_labels = true) const;

  Metrics metrics(int bins = 15) const;
  RowSoftmax top(std::size_t r) const;
  std::vector<double> probabilities(std::size_t r) const;  // its softmax, in double
  std::vector<double> confidences() const;                 // n
  std::vector<bool> correct() const;                       // n
};

// Predictions whose `logits` are probabilities, as of a model that ends with Softmax: now they are
// the logarithms, -inf for 0, with this softmax. Throws ShapeError for rows that do not sum to 1.
Predictions from_probabilities(Predictions p);

// What infer() is given, but for rows whose label is ignored. The measures check the labels.
Predictions predict(auto& model, auto&& loader, std::optional<int> ignore_index = {}) {
  Predictions p;
  infer("predict", model, loader,
        [&](Tensor logits, Labels labels) { p.add("predict", logits, labels, ignore_index); });
  return p;
}
}  // namespace temper
