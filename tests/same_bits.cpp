// Trains a network that uses every parallel kernel and prints a hash of its weights and of the
// metrics. same_bits.cmake runs it at several numbers of threads and with both builds of OpenBLAS.
#include <omp.h>

#include <cinttypes>
#include <cstdio>

#include "temper.h"

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
}  // namespace

int main() {
  const int threads = omp_get_max_threads();
  const Mnist data = built_in_digits(2000, 500);
  Rng rng(1);
  Sequential model{Linear(784, 300, rng), LayerNorm(300),        GELU(),
                   Dropout(0.2, rng),     Linear(300, 300, rng), ReLU(),
                   Linear(300, 10, rng)};
  AdamW optimizer(model.parameters(), {.learning_rate = 1e-3, .weight_decay = 0.01});
  DataLoader train(data.train, {.batch_size = 150, .shuffle = true}, rng);
  Tape tape;
  for (int epoch = 0; epoch < 2; ++epoch) {
    for (const Batch& batch : train) {
      tape.clear();
      const Tensor logits = model.forward(tape.input(batch.inputs));
      const Tensor loss = softmax_cross_entropy(logits, batch.labels, {.label_smoothing = 0.1});
      optimizer.zero_grad();
      tape.backward(loss + mean(square(softmax(logits))));
      clip_grad_norm(model.parameters(), 1);
      optimizer.step();
    }
  }
  Hash hash;
  hash.add(data.train.bytes.data(), data.train.bytes.size());
  for (const NamedTensor& p : model.parameters())
    hash.add(p.tensor.data, p.tensor.size() * sizeof(Real));
  const Metrics metrics = evaluate(model, DataLoader(data.test, {.batch_size = 200}));
  const double nll = metrics.nll();
  hash.add(&nll, sizeof nll);
  if (omp_get_max_threads() != threads) {
    std::fprintf(stderr, "training changed the number of threads from %d to %d\n", threads,
                 omp_get_max_threads());
    return 1;
  }
  std::fprintf(stderr, "%s\n", blas_description().c_str());
  std::printf("%016" PRIx64 " accuracy %.4f\n", hash.value(), metrics.accuracy());
}
