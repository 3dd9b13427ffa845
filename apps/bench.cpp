// Measures temper alone; bench.py runs it in turns with bench_torch.py. Prints lines of JSON, each
// a row: what was measured, its time and, where there is one, the time of its limit, which is what
// cannot be avoided (in milliseconds; 0: there is no limit).
#include <core/parallel.h>
#include <temper.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "bare_products.h"
#include "common/digits.h"
#include "common/models.h"
#include "common/options.h"
#include "common/run_app.h"
#include "common/stopwatch.h"

using namespace temper;

namespace {
void print(const nlohmann::ordered_json& line) {
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

struct Row {
  double milliseconds, limit = 0;
};

void print_row(const std::string& name, const Row& row) {
  print({{"row", name}, {"milliseconds", row.milliseconds}, {"limit", row.limit}});
}

// The shortest time of a call of f, in milliseconds, of as many calls as fit into a second (or into
// $BENCH_SECONDS), but of three at least.
double best_of(const std::function<void()>& f) {
  static const char* const wanted = std::getenv("BENCH_SECONDS");
  static const double seconds = wanted == nullptr ? 1 : to_number<double>(wanted, 0);
  double best = 1e9;
  const Stopwatch all;
  for (int run = 0; run < 3 || all.seconds() < seconds; ++run) {
    const Stopwatch watch;
    f();
    best = std::min(best, 1e3 * watch.seconds());
  }
  return best;
}

Parameter noise(Shape shape) {
  Rng rng(1);
  Parameter p(shape);
  normal()(p, rng);
  return p;
}

struct Network {
  Sequential model;
  Shape sample;
};

Network make_network(const std::string& name, Rng& rng) {
  if (name == "lenet") return {make_lenet(rng), {1, 28, 28}};
  if (name == "cnn") return {make_cnn(rng), {1, 28, 28}};
  if (name == "mlp-1024") return {make_mlp({1024, 1024}, 0, rng), {784}};
  if (name == "mlp-128") return {make_mlp({128}, 0, rng), {784}};
  throw std::runtime_error(name + ": no such network");
}

void train_on(const Batch& batch, Sequential& model, Optimizer& optimizer, Tape& tape) {
  tape.clear();
  const Tensor logits = model.forward(tape.input(batch.inputs));
  const Tensor loss = softmax_cross_entropy(logits, batch.labels);
  optimizer.zero_grad();
  tape.backward(loss);
  optimizer.step();
}

// A training step with SGD and momentum, the loader included.
Row train_step(const std::string& name, int batch_size) {
  Rng rng(1);
  Network network = make_network(name, rng);
  constexpr int steps = 8;
  const Mnist data = built_in_digits(batch_size * steps, 1, 1, network.sample);
  SGD optimizer(network.model.parameters(), {.learning_rate = 0.01, .momentum = 0.9});
  DataLoader loader(data.train, {.batch_size = batch_size, .shuffle = true}, rng);
  Tape tape;
  const double epoch = best_of([&] {
    for (const Batch& batch : loader) train_on(batch, network.model, optimizer, tape);
  });
  const BareProducts limit(network.model, network.sample, batch_size, true);
  return {epoch / steps, best_of([&] { limit.multiply(); })};
}

Row inference(const std::string& name, int batch_size) {
  Rng rng(1);
  Network network = make_network(name, rng);
  const Mnist data = built_in_digits(batch_size, 1, 1, network.sample);
  DataLoader loader(data.train, {.batch_size = batch_size});
  Tape tape(Tape::Mode::infer);
  const Batch& batch = *loader.begin();
  const double time = best_of([&] {
    tape.clear();
    network.model.forward(tape.input(batch.inputs));
  });
  const BareProducts limit(network.model, network.sample, batch_size, false);
  return {time, best_of([&] { limit.multiply(); })};
}

// Prints how many times its limit a training step takes, the best of three tries, and throws if
// that is more than is allowed.
void check_floor(const std::string& name, double most) {
  double ratio = 1e9;
  for (int i = 0; i < 3 && ratio > most; ++i) {
    const Row row = train_step(name, 64);
    ratio = std::min(ratio, row.milliseconds / row.limit);
  }
  std::printf("a step of %s takes %.2f times its bare products, at most %.2f are allowed\n",
              name.c_str(), ratio, most);
  if (ratio > most) throw std::runtime_error("too slow");
}

// Forward and backward of the loss alone, beside the time of copying the logits once.
void bench_loss(int n, int classes) {
  const Parameter logits = noise({n, classes});
  Rng rng(1);
  std::vector<int> labels(static_cast<std::size_t>(n));
  for (int& label : labels)
    label = static_cast<int>(rng.below(static_cast<std::uint64_t>(classes)));
  Tape inferring(Tape::Mode::infer), training;
  Tensor probabilities = softmax(inferring.input(logits));
  probabilities.tape = nullptr;  // targets are constants
  const auto time = [&](auto targets_on, double smoothing) {
    return best_of([&] {
      training.clear();
      training.backward(softmax_cross_entropy(training.input(logits), targets_on(training),
                                              {.label_smoothing = smoothing}));
    });
  };
  const auto hard = [&](Tape&) { return Labels(labels); };
  const auto soft = [&](Tape& tape) { return tape.input(probabilities); };
  const Parameter copy({n, classes});
  const double limit = best_of([&] {
    for_each_block(logits.tensor().size(), 1 << 14, 1, [&](std::size_t begin, std::size_t end) {
      std::memcpy(copy.tensor().data + begin, logits.tensor().data + begin,
                  (end - begin) * sizeof(Real));
    });
  });
  const std::string size = std::to_string(n) + " x " + std::to_string(classes);
  print_row("loss " + size + ", labels", {time(hard, 0), limit});
  print_row("loss " + size + ", smoothed labels", {time(hard, 0.1), limit});
  print_row("loss " + size + ", probabilities", {time(soft, 0), limit});
}

// A step on 10 million parameters, beside a loop that copies as many bytes as the step reads and
// writes: `streams` numbers for each parameter.
template <class AnyOptimizer, class Options>
void bench_optimizer(const std::string& name, const Options& options, int streams) {
  constexpr int n = 10'000'000;
  const Parameter p = noise({n});
  std::ranges::fill(p.tensor().gradients(), Real(1e-3));
  AnyOptimizer optimizer({{"p", p}}, options);
  const auto half = static_cast<std::size_t>(n) * static_cast<std::size_t>(streams) / 2;
  const Buffer<Real> from(half), to(half);
  const double limit = best_of([&] {
    for_each_index(half, [a = from.data(), b = to.data()](std::size_t i) { b[i] = a[i]; });
  });
  print_row(name + ", 10 million parameters", {best_of([&] { optimizer.step(); }), limit});
}

// What the tape costs per op beyond the arithmetic: forward and backward of ops on one element.
void bench_tape() {
  constexpr int ops = 1000;
  const Parameter p({1});
  Tape tape;
  const double time = best_of([&] {
    tape.clear();
    Tensor x = tape.input(p);
    for (int i = 0; i < ops; ++i) x = -x;
    tape.backward(reshape(x, {}));
  });
  print_row("tape, 1000 ops", {time});
}

// The most memory the process has had, in MB.
double peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

// From the files of MNIST through some training steps. The caller takes the time of the process.
void bench_start(const std::string& name, int steps) {
  Rng rng(1);
  Network network = make_network(name, rng);
  const Mnist data = load_mnist(find_mnist(), network.sample);
  SGD optimizer(network.model.parameters(), {.learning_rate = 0.1, .momentum = 0.9});
  DataLoader loader(data.train, {.batch_size = 64, .shuffle = true}, rng);
  Tape tape;
  for (const Batch& batch : loader) {
    train_on(batch, network.model, optimizer, tape);
    if (--steps == 0) break;
  }
  print({{"megabytes", peak_memory()}});
}

void bench(const std::vector<std::string>& arguments) {
  const std::runtime_error usage(
      "usage: bench about | network NAME BATCH… | loss N CLASSES | optimizers | tape | "
      "floor NAME RATIO | start NAME STEPS");
  const auto argument = [&](std::size_t i) {
    if (i >= arguments.size()) throw usage;
    return arguments[i];
  };
  const auto number = [&](std::size_t i) { return to_number<int>(argument(i), 1, 1 << 20); };
  const std::string what = argument(0);
  if (what == "about") {
    print({{"blas", blas_description()}, {"threads", thread_count()}});
  } else if (what == "network") {
    for (std::size_t i = 2; i < std::max<std::size_t>(3, arguments.size()); ++i) {
      const std::string row = argument(1) + ", batch " + argument(i);
      print_row("train " + row, train_step(argument(1), number(i)));
      print_row("infer " + row, inference(argument(1), number(i)));
    }
  } else if (what == "floor") {
    check_floor(argument(1), to_number<double>(argument(2), 0));
  } else if (what == "loss") {
    bench_loss(number(1), number(2));
  } else if (what == "optimizers") {
    bench_optimizer<SGD>("SGD with momentum", SGDOptions{.learning_rate = 1e-3, .momentum = 0.9},
                         5);
    bench_optimizer<Adam>("Adam", AdamOptions{}, 7);
  } else if (what == "tape") {
    bench_tape();
  } else if (what == "start") {
    bench_start(argument(1), number(2));
  } else {
    throw usage;
  }
}
}  // namespace

int main(int argc, char** argv) {
  return run_app([&] { bench({argv + 1, argv + argc}); });
}
