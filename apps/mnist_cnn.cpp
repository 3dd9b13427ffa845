// Trains a convolutional network on MNIST, to about 99 %: ./run data, then build/apps/mnist_cnn.
#include <temper.h>
#include <cstdio>

int main() try {
  using namespace temper;
  const Mnist data = load_mnist(find_mnist(), {1, 28, 28});
  Rng rng(42);
  Sequential model{
      Conv2d(1, 32, 3, rng), ReLU(),    Conv2d(32, 64, 3, rng), ReLU(), MaxPool2d(2),
      Dropout(0.25, rng),    Flatten(), Linear(9216, 128, rng), ReLU(), Dropout(0.5, rng),
      Linear(128, 10, rng)};
  Adam optimizer(model.parameters());
  DataLoader train(data.train, {.batch_size = 64, .shuffle = true}, rng);
  DataLoader test(data.test, {.batch_size = 1000});

  Tape tape;
  int step = 0;
  for (int epoch = 1; epoch <= 3; ++epoch) {
    for (const Batch& batch : train) {
      optimizer.set_learning_rate(0.002 * one_cycle(step++, 3 * train.size()));
      tape.clear();  // forget the last step, keep its memory
      Tensor logits = model.forward(tape.input(batch.inputs));
      Tensor loss = softmax_cross_entropy(logits, batch.labels);
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
