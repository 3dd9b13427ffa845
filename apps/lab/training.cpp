#include "training.h"

#include <cstdio>
#include <cstdlib>
#include <numeric>

namespace temper::lab {
namespace {
std::uint64_t digest(const Dataset& data, std::uint64_t hash) {
  for (const std::uint8_t byte : data.bytes) hash = (hash ^ byte) * 0x100000001b3u;  // FNV-1a
  for (const int label : data.labels)
    hash = (hash ^ static_cast<std::uint64_t>(label)) * 0x100000001b3u;
  return hash;
}
}  // namespace

std::vector<int> range(int begin, int end) {
  std::vector<int> places(static_cast<std::size_t>(end - begin));
  std::iota(places.begin(), places.end(), begin);
  return places;
}

Data load(const Run& run, Shape sample) {
  constexpr int held_out = 5000, quick = 10000;
  const Mnist all = run.dataset == "digits" ? built_in_digits(20000, 4000, 1, sample)
                                            : load_mnist(find_mnist(run.dataset), sample);
  const int n = all.train.size() - held_out;
  char text[17];
  std::snprintf(
      text, sizeof text, "%016llx",
      static_cast<unsigned long long>(digest(all.test, digest(all.train, 0xcbf29ce484222325u))));
  return {select(all.train, range(0, run.quick ? std::min(n, quick) : n)),
          select(all.train, range(n, all.train.size())), all.test, text};
}

Dataset select(const Dataset& data, const std::vector<int>& places) {
  const std::size_t one = data.sample.size();
  Dataset part{
      .sample = data.sample, .scale = data.scale, .shift = data.shift, .classes = data.classes};
  part.bytes.reserve(places.size() * one);
  for (const int i : places) {
    const auto first = data.bytes.begin() + static_cast<std::ptrdiff_t>(one) * i;
    part.bytes.insert(part.bytes.end(), first, first + static_cast<std::ptrdiff_t>(one));
    part.labels.push_back(data.labels[static_cast<std::size_t>(i)]);
  }
  return part;
}

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

int epochs_of(const Run& run, int epochs) { return run.quick ? std::max(2, epochs / 3) : epochs; }

double number_of(const std::string& arm) {
  const std::size_t space = arm.rfind(' ');
  return space == std::string::npos ? 0 : std::atof(arm.c_str() + space + 1);
}
}  // namespace temper::lab
