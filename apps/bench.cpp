// Measures temper alone and prints one line of JSON; bench.py runs it alternating with PyTorch.
//   bench tape | bench step [hidden] [batch] | bench start
#include "common.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

using namespace temper;

namespace {
// The shortest of several runs of f, in seconds per call.
template <class F>
double best_of(int runs, int calls, F f) {
  double best = 1e9;
  for (int run = 0; run < runs; ++run) {
    const auto start = std::chrono::steady_clock::now();
    for (int call = 0; call < calls; ++call) f();
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    best = std::min(best, spent.count() / calls);
  }
  return best;
}

// The largest memory the process has had, in MB.
double peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

// What the tape costs per op beyond the numbers: forward and backward of ops on one element.
void bench_tape() {
  constexpr int ops = 1000;
  Parameter p({1});
  Tape tape;
  const double seconds = best_of(20, 20, [&] {
    tape.clear();
    Tensor x = tape.input(p);
    for (int i = 0; i < ops; ++i) x = -x;
    tape.backward(reshape(x, {}));
  });
  std::printf("{\"nanoseconds_per_op\": %.1f}\n", 1e9 * seconds / ops);
}

// A training step of 784-hidden-10 with SGD and momentum, the loader included.
void bench_step(int hidden, int batch) {
  const Mnist data = built_in_digits(batch * 64, 1);
  Rng rng(1);
  Sequential model{Linear(784, hidden, rng), ReLU(), Linear(hidden, 10, rng)};
  SGD optimizer(model.parameters(), {.learning_rate = 0.01, .momentum = 0.9});
  DataLoader loader(data.train, {.batch_size = batch, .shuffle = true, .drop_last = true}, rng);
  Tape tape;
  const auto epoch = [&] {
    for (const Batch& b : loader) {
      tape.clear();
      const Tensor loss = softmax_cross_entropy(model.forward(tape.input(b.inputs)), b.labels);
      optimizer.zero_grad();
      tape.backward(loss);
      optimizer.step();
    }
  };
  epoch();
  std::printf("{\"milliseconds\": %.4f, \"blas\": \"%s\"}\n",
              1e3 * best_of(15, 2, epoch) / loader.size(), blas_description().c_str());
}

// From the files of MNIST to the first training step; the caller measures the process.
void bench_start() {
  const Mnist data = load_mnist(find_mnist());
  Rng rng(1);
  Sequential model{Linear(784, 128, rng), ReLU(), Linear(128, 10, rng)};
  SGD optimizer(model.parameters(), {.learning_rate = 0.1, .momentum = 0.9});
  DataLoader loader(data.train, {.batch_size = 64, .shuffle = true}, rng);
  Tape tape;
  const Batch& batch = *loader.begin();
  tape.backward(softmax_cross_entropy(model.forward(tape.input(batch.inputs)), batch.labels));
  optimizer.step();
  std::printf("{\"peak_megabytes\": %.1f}\n", peak_memory());
}
}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const auto number = [&](int i, int otherwise) {
    return argc > i ? std::stoi(argv[i]) : otherwise;
  };
  if (what == "tape") return run_app(bench_tape);
  if (what == "step") return run_app([&] { bench_step(number(2, 128), number(3, 64)); });
  if (what == "start") return run_app(bench_start);
  std::fprintf(stderr, "usage: bench tape | step [hidden] [batch] | start\n");
  return 2;
}
