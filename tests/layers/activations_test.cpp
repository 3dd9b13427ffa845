#include "layers/activations.h"

#include "tests/layers/check_layer.h"
#include "tests/layers/reference.h"

using namespace temper;

namespace {
void check_values(Layer& layer, const Parameter& x, const std::vector<double>& expected) {
  INFO(layer.name());
  Tape tape(Tape::Mode::infer);
  const Tensor y = layer.forward(tape.input(x));
  CHECK(y.shape == x.tensor().shape);
  check_close(y.values(), expected, is_double ? 1e-13 : 1e-6);
  CHECK(layer.parameters().empty());
  check_gradients(layer, {3, 4});
}
}  // namespace

TEST_CASE("activations compute what PyTorch's do") {
  const Parameter x = parameter({9}, {-40, -5, -1, -0.5, 0, 0.5, 1, 3, 40});
  ReLU relu;
  check_values(relu, x, {0, 0, 0, 0, 0, 0.5, 1, 3, 40});
  LeakyReLU leaky_relu(0.2);
  check_values(leaky_relu, x, pytorch_layer("leaky_relu"));
  GELU gelu;
  check_values(gelu, x, pytorch_layer("gelu"));
  Tanh tanh;
  check_values(tanh, x, pytorch_layer("tanh"));
  Sigmoid sigmoid;
  check_values(sigmoid, x, pytorch_layer("sigmoid"));
}

TEST_CASE("Softmax and LogSoftmax work on the last axis") {
  const Parameter x = parameter({3, 3}, {1, 2, 3, 1000, 999, -1000, -0.5, -0.5, -0.5});
  Softmax softmax;
  check_values(softmax, x, pytorch_layer("softmax"));
  LogSoftmax log_softmax;
  check_values(log_softmax, x, pytorch_layer("log_softmax"));
}

TEST_CASE("activations have the names of their types") {
  CHECK(ReLU().name() == "ReLU");
  CHECK(LeakyReLU().name() == "LeakyReLU(0.01)");
  CHECK(GELU().name() == "GELU");
  CHECK(Tanh().name() == "Tanh");
  CHECK(Sigmoid().name() == "Sigmoid");
  CHECK(Softmax().name() == "Softmax");
  CHECK(LogSoftmax().name() == "LogSoftmax");
}
