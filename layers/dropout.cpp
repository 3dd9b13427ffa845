// Dropout without a stored mask: backward() computes it again from the seed.
#include "dropout.h"

#include "../core/parallel.h"

namespace temper {
static bool infers(const Tensor& x) { return x.tape != nullptr && !x.tape->training(); }

Tensor dropout(Tensor x, double p, std::uint64_t seed) {
  Dropout::check(p);
  if (x.tape != nullptr) x.tape->check(x);
  if (p == 0 || infers(x)) return x;
  Tensor y = make_result("dropout", x.shape, {&x});
  const auto dropped = static_cast<std::uint64_t>(p * 0x1p64);  // of 2⁶⁴ random numbers
  const auto scale = static_cast<Real>(1 / (1 - p));
  const auto kept = [=](std::size_t i, Real value) {
    return random_bits(seed, i) < dropped ? Real(0) : scale * value;
  };
  for_each_index(x.size(), [=](std::size_t i) { y.data[i] = kept(i, x.data[i]); });
  on_backward("dropout", y, [=] {
    for_each_index(x.size(), [=](std::size_t i) { x.grad[i] += kept(i, y.grad[i]); });
  });
  return y;
}

void Dropout::check(double p) { require(p >= 0 && p < 1, "dropout: p must be in [0, 1), got ", p); }

Tensor Dropout::forward(Tensor x) {
  return dropout(x, p_, infers(x) ? 0 : random_bits(seed_, calls_++));
}
}  // namespace temper
