// Trains a small network on MNIST, to about 98 %: ./run data, then build/apps/mnist_mlp.
#include <temper.h>
#include <cstdio>

int main() try {
  using namespace temper;
  const Mnist data = load_mnist(find_mnist());
  Rng rng(42);
  Sequential model{Linear(784, 128, rng), ReLU(), Linear(128, 10, rng)};
  SGD optimizer(model.parameters(), {.learning_rate = 0.1, .momentum = 0.9});
  DataLoader train(data.train, {.batch_size = 64, .shuffle = true}, rng);
  DataLoader test(data.test, {.batch_size = 1000});

  Tape tape;
  for (int epoch = 1; epoch <= 5; ++epoch) {
    for (const Batch& batch : train) {
      tape.clear();  // forget the last step, keep its memory
      Tensor logits = model.forward(tape.input(batch.inputs));
      Tensor loss = softmax_cross_entropy(logits, batch.labels, {.label_smoothing = 0.1});
      optimizer.zero_grad();
      tape.backward(loss);
      optimizer.step();
    }
    std::printf("epoch %d: test accuracy %.2f %%\n", epoch, 100 * evaluate(model, test).accuracy());
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
