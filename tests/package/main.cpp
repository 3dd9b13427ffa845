// Learns exclusive or, and checks numbers that the compiler's flags could spoil.
#include <cmath>
#include <cstdio>
#include <limits>

#include "model.h"

using namespace temper;

static bool is_refused(Tensor logits, Real target) {
  Real targets[] = {target, 1 - target};
  try {
    softmax_cross_entropy(logits, Tensor{.shape = {1, 2}, .data = targets});
    return false;
  } catch (const ShapeError&) {
    return true;
  }
}

int main() {
  const float loss = learn_exclusive_or();
  Real numbers[] = {1, 4};
  Tape tape;
  const Tensor x = tape.input({.shape = {1, 2}, .data = numbers});
  const double exponential = static_cast<double>(exp(x).data[1]);
  const double probability = static_cast<double>(softmax(x).data[0]);
  const double of_nothing = static_cast<double>(log(x * 0.0).data[0]);
  const bool right = std::abs(exponential - 54.59815) < 1e-4 &&
                     std::abs(probability - 0.04742587) < 1e-7 && of_nothing < -1e300 &&
                     is_refused(x, -1) && is_refused(x, std::numeric_limits<Real>::quiet_NaN());
  std::printf("loss %g, exp(4) %g, softmax %g, log(0) %g, refusals %d %d\n",
              static_cast<double>(loss), exponential, probability, of_nothing, is_refused(x, -1),
              is_refused(x, std::numeric_limits<Real>::quiet_NaN()));
  return loss < 0.05F && right ? 0 : 1;
}
