// Learns exclusive or.
#include <cstdio>

#include "model.h"

int main() {
  using namespace temper;
  Rng rng(1);
  Sequential model = make_model(rng);
  Adam optimizer(model.parameters(), {.learning_rate = 0.05});
  Real inputs[] = {0, 0, 0, 1, 1, 0, 1, 1};
  const int labels[] = {0, 1, 1, 0};
  Tape tape;
  Real last = 0;
  for (int step = 0; step < 200; ++step) {
    tape.clear();
    Tensor x = tape.input({.shape = {4, 2}, .data = inputs});
    Tensor loss = softmax_cross_entropy(model.forward(x), labels);
    optimizer.zero_grad();
    tape.backward(loss);
    optimizer.step();
    last = loss.item();
  }
  std::printf("loss %g\n", static_cast<double>(last));
  return last < 0.05 ? 0 : 1;
}
