// Runs every kernel forward and backward and returns all numbers. Compiled against the library in
// float and again against the one in double; twins_test.cpp compares the two, because finite
// differences in double say nothing of a path that only float takes.
#include "twins.h"

#include <algorithm>
#include <array>
#include <functional>

#include "apps/common/forward_correction.h"
#include "apps/common/mixup.h"
#include "temper.h"

namespace temper {

namespace {
struct Kernel {
  const char* name;
  std::vector<Shape> shapes;  // of the inputs
  double low, high;           // of the random inputs
  std::function<Tensor(std::span<const Tensor>)> run;
  bool given_targets = false;  // the last input is a target that is not learned
};

const std::vector<int> labels = [] {
  Rng rng(9);
  std::vector<int> list;
  for (int i = 0; i < 37; ++i) list.push_back(static_cast<int>(rng.below(11)));
  return list;
}();

const std::vector<Real> class_weights = {1, 2, 0.5, 0, 3, 1, 1, 4, 0.25, 1, 2};

// Numbers on the tape of x.
Tensor ones(Tensor x, int n) {
  const Tensor y = x.tape->result({n}, false);
  std::ranges::fill(y.values(), Real(1));
  return y;
}

const std::vector<Kernel> kernels = {
    {"exp", {{1000}}, -80, 10, [](auto x) { return exp(x[0]); }},
    {"log", {{1000}}, 1e-6, 100, [](auto x) { return log(x[0]); }},
    {"sqrt", {{1000}}, 0.01, 100, [](auto x) { return sqrt(x[0]); }},
    {"tanh", {{1000}}, -10, 10, [](auto x) { return tanh(x[0]); }},
    {"sigmoid", {{1000}}, -30, 30, [](auto x) { return sigmoid(x[0]); }},
    {"gelu", {{1000}}, -6, 6, [](auto x) { return gelu(x[0]); }},
    {"square", {{1000}}, -3, 3, [](auto x) { return square(x[0]); }},
    {"relu", {{1000}}, -3, 3, [](auto x) { return relu(-x[0]); }},
    {"leaky_relu", {{1000}}, -3, 3, [](auto x) { return leaky_relu(x[0]); }},
    {"arithmetic",
     {{20, 50}, {50}},
     0.5,
     3,
     [](auto x) { return (x[0] * x[1] - 2 / x[0]) / x[1] + x[1]; }},
    {"matmul", {{70, 90}, {90, 130}}, -1, 1, [](auto x) { return matmul(x[0], x[1]); }},
    {"linear",
     {{70, 90}, {130, 90}, {130}},
     -1,
     1,
     [](auto x) { return linear(x[0], x[1], x[2]); }},
    {"sum", {{30, 40, 5}}, -1, 1, [](auto x) { return sum(x[0], 1); }},
    {"mean", {{30000}}, -1, 1, [](auto x) { return mean(x[0]); }},
    {"max", {{30, 41}}, -1, 1, [](auto x) { return max(x[0], 1); }},
    {"softmax", {{50, 33}}, -10, 10, [](auto x) { return softmax(x[0]); }},
    {"log_softmax", {{50, 33}}, -10, 10, [](auto x) { return log_softmax(x[0]); }},
    {"layer_norm",
     {{20, 70}, {70}, {70}},
     -2,
     2,
     [](auto x) { return layer_norm(x[0], x[1], x[2], 1e-5); }},
    {"batch_norm",
     {{20, 70}, {70}, {70}},
     -2,
     2,
     [](auto x) { return batch_norm(x[0], x[1], x[2], ones(x[0], 70), ones(x[0], 70)); }},
    {"batch_norm, images",
     {{5, 3, 9, 8}, {3}, {3}},
     -2,
     2,
     [](auto x) { return batch_norm(x[0], x[1], x[2], ones(x[0], 3), ones(x[0], 3)); }},
    {"conv2d",
     {{5, 3, 9, 8}, {4, 3, 3, 2}, {4}},
     -1,
     1,
     [](auto x) { return conv2d(x[0], x[1], x[2], {.stride = 2, .padding = 1}); }},
    {"conv2d, Winograd",
     {{5, 9, 9, 8}, {10, 9, 3, 3}, {10}},
     -1,
     1,
     [](auto x) { return conv2d(x[0], x[1], x[2], {.padding = 1}); }},
    {"conv2d, lanes",
     {{11, 2, 9, 8}, {7, 2, 5, 3}, {7}},
     -1,
     1,
     [](auto x) { return conv2d(x[0], x[1], x[2], {.padding = 1}); }},
    {"concat", {{20, 3}, {20, 5}}, -1, 1, [](auto x) { return concat(x, 1); }},
    {"embedding",
     {{3, 30}},
     -1,
     1,
     [](auto x) {
       const Tensor indices = x[0].tape->result({4}, false);
       std::ranges::copy(std::array<Real, 4>{2, 0, 2, 1}, indices.data);
       return embedding(x[0], indices);
     }},
    {"dropout", {{1000}}, -1, 1, [](auto x) { return dropout(x[0], 0.3, 5); }},
    {"mean_squared_error",
     {{300}, {300}},
     -2,
     2,
     [](auto x) { return mean_squared_error(x[0], x[1]); }},
    {"kl_divergence",
     {{37, 11}, {37, 11}},
     -4,
     4,
     [](auto x) { return kl_divergence(x[0], softmax(x[1])); },
     true},
    {"kl_divergence_to_logits",
     {{37, 11}, {37, 11}},
     -4,
     4,
     [](auto x) { return kl_divergence_to_logits(x[0], x[1], Reduction::none); },
     true},
    {"softmax_cross_entropy, weights",
     {{37, 11}},
     -20,
     20,
     [](auto x) {
       return softmax_cross_entropy(
           x[0], Labels(labels),
           {.label_smoothing = 0.1, .class_weights = class_weights, .ignore_index = 3});
     }},
    {"softmax_cross_entropy, labels",
     {{37, 11}},
     -20,
     20,
     [](auto x) {
       return softmax_cross_entropy(x[0], Labels(labels), {.reduction = Reduction::none});
     }},
    {"softmax_cross_entropy, smoothing",
     {{37, 11}},
     -20,
     20,
     [](auto x) { return softmax_cross_entropy(x[0], Labels(labels), {.label_smoothing = 0.1}); }},
    {"softmax_cross_entropy, rows",
     {{37, 11}, {37, 11}},
     -4,
     4,
     [](auto x) { return softmax_cross_entropy(x[0], softmax(x[1])); },
     true},
    {"softmax_cross_entropy, many classes",
     {{37, 100}},
     -20,
     20,
     [](auto x) { return softmax_cross_entropy(x[0], Labels(labels), {.label_smoothing = 0.1}); }},
    {"softmax_cross_entropy, pixels",
     {{1, 11, 37}},
     -20,
     20,
     [](auto x) {
       return softmax_cross_entropy(
           x[0], Labels(labels),
           {.label_smoothing = 0.1, .class_weights = class_weights, .ignore_index = 3});
     }},
    {"softmax_cross_entropy, target matrix",
     {{37, 11}},
     -20,
     20,
     [](auto x) {
       return softmax_cross_entropy(
           x[0], Labels(labels), {.ignore_index = 3, .target_matrix = symmetric_noise(11, 0.25)});
     }},
    {"forward_corrected_cross_entropy",
     {{37, 11}},
     -20,
     20,
     [](auto x) {
       return forward_corrected_cross_entropy(x[0], labels, pair_noise(11, 0.25), Reduction::none);
     }},
    {"confidence_penalty",
     {{37, 11}},
     -20,
     20,
     [](auto x) { return confidence_penalty(x[0], Reduction::none); }},
    {"linear_cross_entropy",
     {{37, 20}, {11, 20}, {11}},
     -2,
     2,
     [](auto x) {
       return linear_cross_entropy(x[0], x[1], x[2], labels,
                                   {.label_smoothing = 0.1, .class_weights = class_weights});
     }},
    {"binary_cross_entropy_with_logits",
     {{300}, {300}},
     -4,
     4,
     [](auto x) { return binary_cross_entropy_with_logits(x[0], sigmoid(x[1])); },
     true},
};
}  // namespace

std::vector<Twin> run_twins() {
  std::vector<Twin> results;
  for (const Kernel& kernel : kernels) {
    Rng rng(4);
    std::vector<Parameter> parameters;
    Tape tape;
    std::vector<Tensor> inputs;
    for (const Shape& shape : kernel.shapes) {
      parameters.emplace_back(shape);
      for (Real& x :
           parameters.back().tensor().values())  // rounded to float: the same for both twins
        x = static_cast<float>(rng.uniform(kernel.low, kernel.high));
    }
    for (const Parameter& p : parameters) inputs.push_back(tape.input(p));
    if (kernel.given_targets) inputs.back().grad = nullptr;
    const Tensor y = kernel.run(inputs);
    const auto to_double = [](std::span<const Real> from) {
      return std::vector<double>(from.begin(), from.end());
    };
    results.push_back({std::string(kernel.name) + ": value", to_double(y.values())});
    Parameter weights(y.shape);  // a plain mean would cancel the gradient of a softmax
    for (Real& w : weights.tensor().values()) w = static_cast<float>(rng.uniform(-1, 1));
    tape.backward(sum(y * weights));
    if (kernel.given_targets) parameters.pop_back();
    for (const Parameter& p : parameters)
      results.push_back(
          {std::string(kernel.name) + ": gradient", to_double(p.tensor().gradients())});
  }
  return results;
}
}  // namespace temper
