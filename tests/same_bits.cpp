// Trains two networks that use every parallel kernel and prints a hash of their weights and of the
// metrics. same_bits.cmake runs it at several numbers of threads and with both builds of OpenBLAS.
#include <omp.h>

#include <cinttypes>
#include <cstdio>

#include "apps/common/digits.h"

using namespace temper;

namespace {
class Hash {
 public:
  void add(const void* data, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i)
      value_ = mix(value_ ^ static_cast<const unsigned char*>(data)[i]);
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

// Trains the model and adds what it has become to the hash.
Metrics train(Sequential& model, const Mnist& data, int epochs, Rng& rng, Hash& hash) {
  AdamW optimizer(model.parameters(), {.learning_rate = 1e-3, .weight_decay = 0.01});
  DataLoader batches(
      data.train,
      {.batch_size = 150,
       .shuffle = true,
       .augmentation = {.shift = 1, .rotation = 5, .scale = 0.1, .elastic = 0.5, .erase = 0.1}},
      rng);
  Tape tape;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (const Batch& batch : batches) {
      tape.clear();
      const Tensor logits = model.forward(tape.input(batch.inputs));
      const Tensor loss = softmax_cross_entropy(logits, batch.labels, {.label_smoothing = 0.1});
      optimizer.zero_grad();
      tape.backward(loss + mean(square(softmax(logits))));
      clip_grad_norm(optimizer, 1);
      optimizer.step();
    }
  }
  const auto add = [&](bool learned) {
    for (const NamedTensor& p : model.state())
      if ((p.tensor.grad != nullptr) == learned)
        hash.add(p.tensor.data, p.tensor.size() * sizeof(Real));
  };
  add(true);
  add(false);
  Metrics metrics = evaluate(model, DataLoader(data.test, {.batch_size = 200}));
  const double nll = metrics.nll();
  hash.add(&nll, sizeof nll);
  return metrics;
}
}  // namespace

int main() {
  const int threads = omp_get_max_threads();
  const Mnist data = built_in_digits(2000, 500);
  Hash hash;
  hash.add(data.train.bytes.data(), data.train.bytes.size());
  Rng rng(1);
  Sequential model{Linear(784, 300, rng), LayerNorm(300),        GELU(),
                   Dropout(0.2, rng),     Linear(300, 300, rng), ReLU(),
                   Linear(300, 10, rng)};
  const double accuracy = train(model, data, 2, rng, hash).accuracy();

  const Mnist images = built_in_digits(600, 200, 2, {1, 28, 28});
  Sequential convolutional{Conv2d(1, 8, 5, rng),  // in lanes; then Winograd's, then by columns
                           BatchNorm2d(8, {.momentum = 0.5}),
                           ReLU(),
                           MaxPool2d(2),
                           Conv2d(8, 16, 3, rng, {.padding = 1}),
                           BatchNorm2d(16, {.momentum = 0.5}),
                           ReLU(),
                           MaxPool2d(3, {.stride = 1, .padding = 1}),
                           Conv2d(16, 16, 3, rng, {.stride = 2, .padding = 1}),
                           Flatten(),
                           Linear(576, 100, rng),
                           BatchNorm1d(100, {.momentum = 0.5}),
                           ReLU(),
                           Linear(100, 10, rng)};
  const double of_images = train(convolutional, images, 5, rng, hash).accuracy();
  if (omp_get_max_threads() != threads) {
    std::fprintf(stderr, "training changed the number of threads from %d to %d\n", threads,
                 omp_get_max_threads());
    return 1;
  }
  std::fprintf(stderr, "%s\n", blas_description().c_str());
  std::printf("%016" PRIx64 " accuracy %.4f, of the convolutional network %.4f\n", hash.value(),
              accuracy, of_images);
}
