// Predictions: what a model says about a data set, kept for measures that look at all rows at once.
#pragma once

#include "../metrics.h"

namespace temper {
// The logits of n rows and their labels.
struct Predictions {
  int classes = 0;
  std::vector<Real> logits = {};  // [n, classes]
  std::vector<int> labels = {};   // n

  int size() const { return static_cast<int>(labels.size()); }  // n
  Tensor tensor() const;                                        // the logits, a view to read

  // All measures call it. Throws ShapeError, beginning with the name of the caller, for no rows or
  // counts that do not fit, what check_softmax() refuses and true labels that are no class.
  void check(const char* caller, bool true_labels = true) const;

  Metrics metrics() const;
  RowSoftmax top(std::size_t row) const;
  std::vector<double> probabilities(std::size_t row) const;  // its softmax, in double
  std::vector<double> confidences() const;                   // n
  std::vector<bool> correct() const;                         // n
};

// What a model says about all batches of a loader, see infer(). The measures check the labels.
template <class Model, class Loader>
Predictions predict(Model& model, Loader&& loader) {
  static_assert(
      requires { loader.begin(); }, "predict takes a DataLoader, not a data set");
  Predictions p;
  infer("predict", model, loader, [&](Tensor logits, Labels labels) {
    require(logits.shape.rank() == 2 && (p.size() == 0 || logits.shape[1] == p.classes),
            "predict: logits must be [n, classes], as many classes each time, they are ",
            logits.shape);
    p.classes = logits.shape[1];
    p.logits.insert(p.logits.end(), logits.values().begin(), logits.values().end());
    p.labels.insert(p.labels.end(), labels.begin(), labels.end());
  });
  return p;
}
}  // namespace temper
