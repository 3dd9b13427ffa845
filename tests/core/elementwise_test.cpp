#include "tests/check.h"

using namespace temper;

TEST_CASE("tanh: values and gradient") {
  Tape tape(Tape::Mode::infer);
  const Parameter x = parameter({3}, {-100, 0, 0.5});
  check_close(tanh(tape.input(x)).values(), {-1, 0, std::tanh(0.5)});
  gradients_match([](auto x) { return tanh(x[0]); }, {{2, 3}});
  gradients_match([](auto x) { return x[0] * x[0] + matmul(x[0], x[1]); }, {{3, 3}, {3, 3}});
}
