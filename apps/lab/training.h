// How the studies train: one kind of network, one loop, and a step that each arm may replace.
#pragma once

#include <temper.h>

#include <functional>
#include <string>
#include <vector>

#include "lab.h"

namespace temper::lab {
// A data set in three parts. What is fitted after training (a temperature) is fitted on the
// held-out one: the last 5,000 training images.
struct Data {
  Dataset train, held_out, test;
  std::string digest;  // of all bytes and labels, 16 hexadecimal digits
};

// The data set of a run; in a quick one 10,000 training images.
Data load(const Run& run, Shape sample = {784});

std::vector<int> range(int begin, int end);  // begin … end - 1

// The samples of a data set at these places, in this order.
Dataset select(const Dataset& data, const std::vector<int>& places);

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

// In a quick run a third of the epochs, at least two.
int epochs_of(const Run& run, int epochs);

// The number at the end of an arm's name: 0.1 of "smooth 0.1", 0 of "hard".
double number_of(const std::string& arm);
}  // namespace temper::lab
