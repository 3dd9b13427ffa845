// Metrics: what a classifier gets right, and whether its confidence can be believed.
#pragma once

#include <map>

#include "../core/labels.h"
#include "../core/ops.h"
#include "../core/parameter.h"

namespace temper {
// The bin of a probability among bins of equal width: b for (b / bins, (b + 1) / bins], 0 for 0.
std::size_t bin_of(double probability, std::size_t bins);

// What a row of logits says, in double. The prediction is the class with the largest logit, the
// first of several; the confidence is its probability.
struct RowSoftmax {
  int prediction;
  double max, rest;  // the largest, and Σ e^(z_c - max) over the other classes: nothing cancels
  double confidence() const { return 1 / (1 + rest); }
};

// Of a row of logits [n, C]. Writes e^(z_c - max) of all classes, the probabilities times 1 + rest.
RowSoftmax row_softmax(Tensor logits, std::size_t row, std::vector<double>& exponentials);

// Throws ShapeError, beginning with the name of the caller, for logits that are not [n, C] or have
// a row without a softmax (NaN, +inf, or -inf everywhere).
void check_softmax(const char* caller, Tensor logits);

// Counts and sums over batches, in double. Every figure throws ShapeError while nothing was added.
class Metrics {
 public:
  // Logits [n, C] and n labels, C the same in every call. Throws ShapeError, and adds nothing, for
  // what check_softmax() refuses, and for labels that are not n classes.
  void add(Tensor logits, Labels labels);

  std::int64_t count() const { return count_; }
  double accuracy() const { return top(1); }
  double top(int k) const;  // share of labels among the k largest logits; equal ones in class order
  double nll() const { return mean(nll_); }      // -log p_y, mean, without any smoothing
  double brier() const { return mean(brier_); }  // Σ_c (p_c - t_c)², mean, in [0, 2] (Brier 1950)
  double mean_confidence() const { return mean(confidence_); }
  double overconfidence() const { return mean_confidence() - accuracy(); }
  double ece() const;  // Σ_bins |Σ confidence - correct| / count (Guo et al. 2017)

  std::vector<std::vector<std::int64_t>> confusion() const;  // [label][prediction]

  // For reliability diagrams, by confidence: see bin_of().
  struct Bin {
    std::int64_t count = 0, correct = 0;
    double confidence = 0;  // sum
  };
  using Bins = std::array<Bin, 15>;
  const Bins& bins() const { return bins_; }

 private:
  double mean(double sum) const {
    require(count_ > 0, "metrics: nothing was added yet");
    return sum / static_cast<double>(count_);
  }

  std::int64_t count_ = 0;
  std::size_t classes_ = 0;
  double nll_ = 0, brier_ = 0, confidence_ = 0;
  std::vector<std::int64_t> ranks_;  // how often the label had the r-th largest logit
  std::map<std::pair<int, int>, std::int64_t> confusion_;  // sparse: C may be large
  Bins bins_;
};

// Calls f(model.forward(inputs), labels) for the batches of a loader (their .inputs and .labels),
// inferring, in order and 128 rows at a time, so that images need little memory. Throws ShapeError,
// beginning with the name of the caller, for batches without a label for each sample, and for a
// layer whose forward() uses more parameters than it lists.
template <class Model, class Loader, class F>
void infer(const char* caller, Model& model, Loader&& loader, F f) {
  Tape tape(Tape::Mode::infer);
  bool is_first = true;
  for (const auto& batch : loader) {
    const Labels all(batch.labels);
    const auto samples = static_cast<std::size_t>(batch.inputs.shape[0]);
    require(!all.empty() || samples == 0, caller, ": the loader's batches have no labels");
    require(all.size() == samples, caller, ": a batch has ", samples, " samples but ", all.size(),
            " labels");
    constexpr std::size_t most = 128;
    for (std::size_t first = 0; first < samples; first += most) {
      const Labels labels = all.subspan(first, std::min(most, samples - first));
      const auto begin = static_cast<int>(first), n = static_cast<int>(labels.size());
      tape.clear();
      f(model.forward(rows(tape.input(batch.inputs), begin, begin + n)), labels);
      if constexpr (requires { model.parameters(); })
        if (is_first) check_listed(caller, tape, model.parameters());
      is_first = false;
    }
  }
}

// The metrics of a model over all batches of a loader: see infer().
template <class Model, class Loader>
Metrics evaluate(Model& model, Loader&& loader) {
  static_assert(
      requires { loader.begin(); }, "evaluate takes a DataLoader, not a data set");
  Metrics metrics;
  infer("evaluate", model, loader,
        [&](Tensor logits, Labels labels) { metrics.add(logits, labels); });
  return metrics;
}
}  // namespace temper
