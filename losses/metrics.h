// Metrics: what a classifier gets right, and whether its confidence can be believed.
#pragma once

#include <cmath>
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

// Of the logits of a row. Writes e^(z_c - max) of all classes, the probabilities times 1 + rest.
RowSoftmax row_softmax(std::span<const Real> logits, std::vector<double>& exponentials);

struct MetricsOptions {
  int bins = 15;                         // of ece() and bins(), at least 1
  std::optional<int> ignore_index = {};  // rows with this label do not count
};

// Counts and sums over batches, in double. Every figure throws ShapeError while nothing was added.
class Metrics {
 public:
  explicit Metrics(const MetricsOptions& options = {}) : ignore_index_(options.ignore_index) {
    require(options.bins >= 1, "metrics: ", options.bins, " bins, expected at least 1");
    bins_.resize(static_cast<std::size_t>(options.bins));
  }

  // Logits and labels as of softmax_cross_entropy(), always of C classes. Throws ShapeError, and
  // adds nothing, for what Predictions::check() refuses, and unless each row or pixel has a label.
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
    double gap() const { return std::abs(confidence - static_cast<double>(correct)); }
  };
  const std::vector<Bin>& bins() const { return bins_; }

 private:
  double mean(double sum) const {
    require(count_ > 0, "metrics: nothing was added yet");
    return sum / static_cast<double>(count_);
  }

  std::optional<int> ignore_index_;
  std::int64_t count_ = 0;
  double nll_ = 0, brier_ = 0, confidence_ = 0;
  std::vector<std::int64_t> ranks_;  // how often the label had the r-th largest logit
  std::map<std::pair<int, int>, std::int64_t> confusion_;  // sparse: C may be large
  std::vector<Bin> bins_;
};

// Calls f(model.forward(inputs), labels) for the batches of a loader (their .inputs and .labels),
// inferring, in order and 128 rows at a time, so that images need little memory. Throws ShapeError,
// beginning with the name of the caller, for batches without a label, or equally many of pixels,
// for each sample, and for a layer whose forward() uses more parameters than it lists.
void infer(const char* caller, auto& model, auto&& loader, auto f) {
  static_assert(
      requires { loader.begin(); }, "a DataLoader is needed, not a data set");
  Tape tape(Tape::Mode::infer);
  bool is_first = true;
  for (const auto& batch : loader) {
    const Labels all(batch.labels);
    const std::int64_t samples = batch.inputs.shape[0];
    require(!all.empty() || samples == 0, caller, ": the loader's batches have no labels");
    const std::int64_t pixels = samples == 0 ? 0 : std::ssize(all) / samples;  // usually 1
    require(std::ssize(all) == samples * pixels, caller, ": a batch has ", samples, " samples but ",
            all.size(), " labels");
    constexpr std::int64_t most = 128;
    for (std::int64_t begin = 0; begin < samples; begin += most) {
      const std::int64_t end = std::min(begin + most, samples);
      tape.clear();
      f(model.forward(rows(tape.input(batch.inputs), begin, end)),
        Labels(all.begin() + begin * pixels, all.begin() + end * pixels));
      if constexpr (requires { model.parameters(); })
        if (is_first) check_listed(caller, tape, model.parameters());
      is_first = false;
    }
  }
}

// The metrics of a model over all batches of a loader: see infer().
Metrics evaluate(auto& model, auto&& loader, const MetricsOptions& options = {}) {
  Metrics metrics(options);
  infer("evaluate", model, loader, [&](Tensor z, Labels labels) { metrics.add(z, labels); });
  return metrics;
}
}  // namespace temper
