// How the studies train: one kind of network, one loop, and a step that each arm may replace.
#pragma once

#include <temper.h>

#include <functional>
#include <vector>

#include "../model/data.h"
#include "../model/study.h"

namespace temper::lab {
// 784-…-10 with ReLU. The last layer is apart, because some studies look at what it is given.
struct Classifier : Layer {
  Sequential body;  // [n, 784] -> features [n, d]
  Linear head;

  // Dropout has seeds of its own, so arms with and without it start from the same weights.
  Classifier(const std::vector<int>& hidden, std::uint64_t seed, double dropout = 0,
             const Initializer& init = fan_in_uniform(), int classes = 10)
      : Classifier(hidden, Rng(seed), Rng(seed + 1), dropout, {.init = init}, classes) {}
  Tensor forward(Tensor x) override { return head.forward(body.forward(x)); }
  Parts parts() const override { return {{"body", body}, {"head", head}}; }

 private:
  Classifier(const std::vector<int>& hidden, Rng weights, Rng masks, double dropout,
             const AffineOptions& options, int classes);
};

// The loss of a batch, whose inputs are on the tape.
using Step = std::function<Tensor(Layer& model, Tensor inputs, const Batch& batch)>;

Step cross_entropy(double smoothing = 0);

// T² times the cross-entropy of the student's logits / T with the rows that taught() makes (Hinton
// et al. 2015).
Step distillation(double temperature);

struct Training {
  int epochs = 15, batch = 128;
  double learning_rate = 0.1, momentum = 0.9;
  bool cosine = false;  // the learning rate falls to 0 along a cosine
  Augmentation augmentation = {};
  std::function<void(int steps)> after_step = nullptr;
  std::function<void(int epochs)> after_epoch = nullptr;
};

// Trains by SGD. The seed decides the order of batches; throws NumericError if a loss is not
// finite.
void train(Layer& model, const Dataset& data, const Step& step, const Training& training,
           std::uint64_t seed);

Predictions predict_all(Layer& model, const Dataset& data);
double error_on(Layer& model, const Dataset& data);
double recall(const Metrics& metrics, int label);  // the share of a class that is answered right

// The images of a data set with rows softmax(z / T) of a teacher's logits z as targets.
Dataset taught(Layer& teacher, const Dataset& data, double temperature);

// In a quick run a third of the epochs, at least two.
int epochs_of(const Run& run, int epochs);
}  // namespace temper::lab
