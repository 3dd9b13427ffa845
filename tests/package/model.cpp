#include "model.h"

using namespace temper;

Sequential make_model(Rng& rng) {
  return Sequential{Linear(2, 16, rng), Tanh(), Linear(16, 2, rng)};
}

float learn_exclusive_or() {
  Rng rng(1);
  Sequential model = make_model(rng);
  Adam optimizer(model.parameters(), {.learning_rate = 0.05});
  Real inputs[] = {0, 0, 0, 1, 1, 0, 1, 1};
  const int labels[] = {0, 1, 1, 0};
  Tape tape;
  float last = 0;
  for (int step = 0; step < 200; ++step) {
    tape.clear();
    Tensor x = tape.input({.shape = {4, 2}, .data = inputs});
    Tensor loss = softmax_cross_entropy(model.forward(x), labels);
    optimizer.zero_grad();
    tape.backward(loss);
    optimizer.step();
    last = static_cast<float>(loss.item());
  }
  return last;
}
