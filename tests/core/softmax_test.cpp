// Softmax and its logarithm by hand, and their gradients.
#include "tests/check.h"

using namespace temper;

TEST_CASE("softmax and log_softmax by hand, at any offset") {
  for (const double offset : {0.0, 1e4, -1e4}) {
    const Parameter p = parameter({2, 2}, {offset + 2, offset - 1, offset, offset});
    Tape tape(Tape::Mode::infer);
    const double a = 1 / (1 + std::exp(-3.0));
    check_close(softmax(tape.input(p)).values(), {a, 1 - a, 0.5, 0.5});
    check_close(log_softmax(tape.input(p)).values(),
                {-0.0485873516, -3.0485873516, -std::log(2), -std::log(2)});
  }
}

TEST_CASE("log_softmax keeps the digits of a probability that is nearly 1") {
  const Parameter x = parameter({2, 3}, {20, 0, -10, 5, 5, 5});
  Tape tape(Tape::Mode::infer);
  const Tensor y = log_softmax(tape.input(x));
  const double rest = std::exp(-20.0) + std::exp(-30.0);
  CHECK(y.data[0] == doctest::Approx(-std::log1p(rest)).epsilon(is_double ? 1e-12 : 1e-6));
  check_close(y.values().subspan(3), {-std::log(3.0), -std::log(3.0), -std::log(3.0)});
}

TEST_CASE("softmax of a logit at -inf is 0, of NaN is NaN") {
  const Parameter p = parameter({2, 3}, {0, -infinity, 0, not_a_number, 0, 0});
  Tape tape(Tape::Mode::infer);
  check_close(softmax(tape.input(p)).values(),
              {0.5, 0, 0.5, not_a_number, not_a_number, not_a_number});
  check_close(rows(log_softmax(tape.input(p)), 0, 1).values(),
              {-std::log(2), -infinity, -std::log(2)});
}

TEST_CASE("gradients of softmax and log_softmax") {
  for (const Shape& shape : {Shape{3, 4}, Shape{2, 2, 5}, Shape{37}, Shape{2, 1}}) {
    gradients_match([](auto x) { return softmax(x[0]); }, {shape});
    gradients_match([](auto x) { return log_softmax(x[0]); }, {shape});
  }
}
