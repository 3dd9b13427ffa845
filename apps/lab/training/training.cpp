#include "training.h"

#include <algorithm>
#include <numeric>

namespace temper::lab {
static Sequential make_body(const std::vector<int>& hidden, Rng& weights, Rng& masks,
                            double dropout, const AffineOptions& options) {
  Sequential body;
  int in = 784;
  for (const int width : hidden) {
    body.add(Linear(in, width, weights, options));
    body.add(ReLU());
    if (dropout > 0) body.add(Dropout(dropout, masks));
    in = width;
  }
  return body;
}

Classifier::Classifier(const std::vector<int>& hidden, Rng weights, Rng masks, double dropout,
                       const AffineOptions& options, int classes)
    : body(make_body(hidden, weights, masks, dropout, options)),
      head(hidden.back(), classes, weights, options) {}

Step cross_entropy(double smoothing) {
  return [=](Layer& model, Tensor inputs, const Batch& batch) {
    return softmax_cross_entropy(model.forward(inputs), batch.labels,
                                 {.label_smoothing = smoothing});
  };
}

Step distillation(double temperature) {
  return [=](Layer& student, Tensor inputs, const Batch& batch) {
    return softmax_cross_entropy(student.forward(inputs) / temperature, batch.targets) *
           (temperature * temperature);
  };
}

void train(Layer& model, const Dataset& data, const Step& step, const Training& training,
           std::uint64_t seed) {
  Rng rng(seed + 0x6261746368);
  DataLoader batches(
      data, {.batch_size = training.batch, .shuffle = true, .augmentation = training.augmentation},
      rng);
  SGD optimizer(model.parameters(),
                {.learning_rate = training.learning_rate, .momentum = training.momentum});
  Tape tape;
  int steps = 0;
  for (int epoch = 1; epoch <= training.epochs; ++epoch) {
    for (const Batch& batch : batches) {
      if (training.cosine)
        optimizer.set_learning_rate(training.learning_rate *
                                    cosine_decay(steps, training.epochs * batches.size()));
      tape.clear();
      const Tensor loss = step(model, tape.input(batch.inputs), batch);
      optimizer.zero_grad();
      tape.backward(loss);
      optimizer.step();
      ++steps;
      if (training.after_step) training.after_step(steps);
    }
    if (training.after_epoch) training.after_epoch(epoch);
  }
}

Predictions predict_all(Layer& model, const Dataset& data) {
  return predict(model, DataLoader(data, {.batch_size = 1000}));
}

double error_on(Layer& model, const Dataset& data) {
  return 1 - predict_all(model, data).metrics().accuracy();
}

double recall(const Metrics& metrics, int label) {
  const auto row = metrics.confusion()[static_cast<std::size_t>(label)];
  return static_cast<double>(row[static_cast<std::size_t>(label)]) /
         static_cast<double>(std::accumulate(row.begin(), row.end(), std::int64_t{0}));
}

int epochs_of(const Run& run, int epochs) { return run.quick ? std::max(2, epochs / 3) : epochs; }

Dataset taught(Layer& teacher, const Dataset& data, double temperature) {
  const Predictions p = predict_all(teacher, data);
  Tape tape(Tape::Mode::infer);
  const Tensor rows = softmax(tape.input(p.tensor()) / temperature);
  Dataset soft = data;
  soft.labels.clear();
  soft.targets.assign(rows.values().begin(), rows.values().end());
  return soft;
}
}  // namespace temper::lab
