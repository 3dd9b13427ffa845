// What the norms share: x̂ = (x - μ) / √(σ² + ε), where each group of numbers has a mean μ and a
// variance σ² of its own. A norm says which numbers form a group and which weight a number has.
#pragma once

#include <cmath>

#include "../../core/parallel.h"
#include "../../core/tensor.h"

namespace temper {
// Numbers seen as [rows, count, length]: group k is [:, k, :]. They are worked on in blocks of
// groups, so that they are still near when they are needed again. Groups of length 1 lie side by
// side: there vectors go across them. Sums over many rows ask for double as Sum.
template <class Sum>
struct Groups {
  std::size_t rows, count, length;
  static constexpr std::size_t most = 64;  // groups of a block

  Sum size() const { return static_cast<Sum>(rows * length); }

  // Calls f(begin, end) for blocks of groups.
  void for_each(auto f) const {
    const std::size_t work = std::max<std::size_t>(8 * rows * length, 1);
    for_each_block(count, length == 1 ? most : std::min(most, 1 + 8191 / work), work, f);
  }

  // Calls f(k, i) for each number i of each group k of a block.
  void run(std::size_t begin, std::size_t end, auto f) const {
    if (length == 1)
      return run_rows(rows, begin, end, [=, n = count](auto r, auto k) { f(k, r * n + k); });
    for (std::size_t k = begin; k < end; ++k)
      for (std::size_t first = k * length, r = 0; r < rows; ++r, first += count * length)
        run_range(first, first + length, [=](auto i) { f(k, i); });
  }

  // The sum of f(k, i) over each group k of a block.
  auto sum(std::size_t begin, std::size_t end, auto f) const {
    std::array<Sum, most> sums{};
    if (length == 1)
      run(begin, end, [=, sums = sums.data()](auto k, auto i) { sums[k - begin] += f(k, i); });
    else
      for (std::size_t k = begin; k < end; ++k)
        for (std::size_t first = k * length, r = 0; r < rows; ++r, first += count * length)
          sums[k - begin] += sum_range(first, first + length, [=](auto i) { return f(k, i); });
    return sums;
  }
};

// y = (x - μ) factor(k) w(k, i) + b(k, i) for each number i of each group k. Unless they are given,
// finds mean = μ and scale = 1 / √(σ² + ε), [count], and calls found(k, μ, Σ (x - μ)²).
template <class Sum>
void normalize(const Groups<Sum>& groups, const Real* x, Real* y, Real* mean, Real* scale,
               bool given, double epsilon, auto factor, auto w, auto b, auto found) {
  groups.for_each([=](std::size_t begin, std::size_t end) {
    if (!given) {
      const auto sums = groups.sum(begin, end, [=](auto, auto i) { return x[i]; });
      for (std::size_t k = begin; k < end; ++k)
        mean[k] = static_cast<Real>(sums[k - begin] / groups.size());
      const auto squares = groups.sum(
          begin, end, [=](auto k, auto i) { return (x[i] - mean[k]) * (x[i] - mean[k]); });
      for (std::size_t k = begin; k < end; ++k) {
        const Sum variance = squares[k - begin] / groups.size();
        scale[k] = static_cast<Real>(1 / std::sqrt(variance + static_cast<Sum>(epsilon)));
        found(k, mean[k], squares[k - begin]);
      }
    }
    groups.run(begin, end,
               [=](auto k, auto i) { y[i] = (x[i] - mean[k]) * factor(k) * w(k, i) + b(k, i); });
  });
}

// With g = dy w: dx += factor (g - mean(g) - x̂ mean(g x̂)), since μ and σ depend on all of the
// group, and dx += factor g if they are given. Calls sums(k, Σ g, Σ g x̂).
template <class Sum>
void normalize_backward(const Groups<Sum>& groups, Tensor x, const Real* dy, const Real* mean,
                        const Real* scale, bool given, auto factor, auto w, auto sums) {
  const auto g = [=](auto k, auto i) { return dy[i] * w(k, i); };
  const auto normal = [=, x = x.data](auto k, auto i) { return (x[i] - mean[k]) * scale[k]; };
  groups.for_each([=, dx = x.grad](std::size_t begin, std::size_t end) {
    const auto sum_g = groups.sum(begin, end, g);
    const auto sum_gx =
        groups.sum(begin, end, [=](auto k, auto i) { return g(k, i) * normal(k, i); });
    std::array<Real, Groups<Sum>::most> mean_g{}, mean_gx{};
    for (std::size_t k = begin, j = 0; k < end; ++k, ++j) {
      sums(k, sum_g[j], sum_gx[j]);
      if (given) continue;
      mean_g[j] = static_cast<Real>(sum_g[j] / groups.size());
      mean_gx[j] = static_cast<Real>(sum_gx[j] / groups.size());
    }
    if (dx == nullptr) return;
    groups.run(begin, end, [=, a = mean_g.data(), b = mean_gx.data()](auto k, auto i) {
      dx[i] += factor(k) * (g(k, i) - a[k - begin] - normal(k, i) * b[k - begin]);
    });
  });
}
}  // namespace temper
