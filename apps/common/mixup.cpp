// mixup and cutmix: one op, given how much of each number of a sample is its own.
#include "mixup.h"

#include "core/parallel.h"

namespace temper {
// The logarithm of a number from Gamma(a) (Marsaglia, Tsang 2000): with a small a the number itself
// may be less than any double.
static double log_gamma(double a, Rng& rng) {
  if (a < 1) return log_gamma(a + 1, rng) + std::log(1 - rng.uniform()) / a;
  const double d = a - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = rng.normal(), root = 1 + c * x, v = root * root * root;
    const double u = 1 - rng.uniform();
    if (v > 0 && std::log(u) < x * x / 2 + d * (1 - v + std::log(v))) return std::log(d * v);
  }
}

// Draws from Beta(alpha, alpha), once it is known that the other arguments fit.
static double draw_share(const char* op, Tensor inputs, Labels labels, double alpha, Rng& rng) {
  require(inputs.shape.rank() > 0 && std::cmp_equal(inputs.shape[0], labels.size()), op,
          ": inputs are ", inputs.shape, ", but there are ", labels.size(), " labels");
  require(alpha >= 0 && std::isfinite(alpha), op, ": alpha must be finite and >= 0, got ", alpha);
  if (alpha == 0) return 1;
  const double a = log_gamma(alpha, rng), b = log_gamma(alpha, rng);
  return 1 / (1 + std::exp(b - a));
}

// own · x + (1 - own) · partner, number by number of a sample
static Mixed blend(const char* op, Tensor x, Labels labels, Tensor own, double share, Rng& rng) {
  const Tensor y = make_result(op, x.shape, {&x});
  const std::size_t n = labels.size(), size = own.size();
  thread_local std::vector<int> list;  // keeps its memory for the next call
  list.resize(n);
  for (std::size_t r = 0; r < n; ++r) list[r] = static_cast<int>(r);
  rng.shuffle(std::span(list));
  const int* partners = y.tape->keep(std::span(list)).data();
  for (int& i : list) i = labels[static_cast<std::size_t>(i)];
  const auto partner = [=](std::size_t r) { return static_cast<std::size_t>(partners[r]) * size; };

  for_each_row(n, 3 * size, [=](std::size_t r) {
    run_range(0, size,
              [=, to = y.data + r * size, a = x.data + r * size, b = x.data + partner(r)](
                  std::size_t j) { to[j] = own.data[j] * a[j] + (1 - own.data[j]) * b[j]; });
  });
  on_backward(op, y, [=] {
    for (const bool own_part : {true, false})  // in turns: no two threads add to the same row
      for_each_row(n, 3 * size, [=](std::size_t r) {
        Real* dx = x.grad + (own_part ? r * size : partner(r));
        run_range(0, size, [=, dy = y.grad + r * size](std::size_t j) {
          dx[j] += (own_part ? own.data[j] : 1 - own.data[j]) * dy[j];
        });
      });
  });
  return {y, y.tape->keep(labels), y.tape->keep(std::span(list)), share};
}

Mixed mixup(Tensor inputs, Labels labels, double alpha, Rng& rng) {
  const double share = draw_share("mixup", inputs, labels, alpha, rng);
  const Tensor own = make_result("mixup", inputs.shape.without(0), {&inputs});
  std::ranges::fill(own.values(), static_cast<Real>(share));
  return blend("mixup", inputs, labels, own, share, rng);
}

Mixed cutmix(Tensor inputs, Labels labels, double alpha, Rng& rng) {
  constexpr const char* op = "cutmix";
  const double side = std::sqrt(1 - draw_share(op, inputs, labels, alpha, rng));
  const Shape& shape = inputs.shape;
  const bool flat = shape.rank() == 2;
  const int root = flat ? static_cast<int>(std::sqrt(shape[1])) : 0;
  require(shape.rank() > 2 || (flat && root * root == shape[1]), op, ": inputs ", shape,
          " are not images: [n, c, h, w], [n, h, w] or flat squares are needed");
  const int height = flat ? root : shape[-2], width = flat ? root : shape[-1];
  require(std::min(height, width) > 0 && extent(height, width) <= 0x1p30, op, ": inputs ", shape,
          " need 1 to 2^30 pixels");

  const auto cut = [&](int length) {  // begin and end of the rectangle, its middle anywhere
    const auto extent = static_cast<int>(std::lround(length * side));
    const int begin = static_cast<int>(rng.below(static_cast<std::size_t>(length))) - extent / 2;
    return std::pair(std::max(begin, 0), std::min(begin + extent, length));
  };
  const auto [top, bottom] = cut(height);
  const auto [left, right] = cut(width);
  const Tensor own = make_result(op, inputs.shape.without(0), {&inputs});
  std::ranges::fill(own.values(), Real(1));
  for (Real* channel = own.data; channel < own.data + own.size(); channel += height * width)
    for (int row = top; row < bottom; ++row)
      std::fill_n(channel + row * width + left, right - left, Real(0));
  const double covered = static_cast<double>(bottom - top) * (right - left);
  return blend(op, inputs, labels, own, 1 - covered / height / width, rng);
}
}  // namespace temper
