// What the norms share: y = x̂ w + b with x̂ = (x - μ) / √(σ² + ε), where each group of numbers has
// a mean μ and a variance σ² of its own. A norm says which numbers form a group.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "../core/parallel.h"
#include "../core/tape.h"

namespace temper {
// Numbers seen as [rows, count, length]: group k is [:, k, :]. They are worked on in blocks of
// groups, so that they are still near when they are needed again. Groups of length 1 lie side by
// side: there vectors go across them.
struct Groups {
  std::size_t rows, count, length;
  static constexpr std::size_t most = 64;  // groups of a block

  std::size_t size() const { return rows * length; }

  // Calls f(begin, end) for blocks of groups.
  template <class F>
  void for_each(F f) const {
    const std::size_t work = std::max<std::size_t>(8 * size(), 1);
    for_each_block(count, length == 1 ? most : std::min(most, 1 + 8191 / work), work, f);
  }

  // Calls f(k, i) for each number i of each group k of a block.
  template <class F>
  void run(std::size_t begin, std::size_t end, F f) const {
    if (length == 1)
      return run_rows(rows, begin, end, [=, step = count](auto r, auto k) { f(k, r * step + k); });
    for (std::size_t k = begin; k < end; ++k)
      for (std::size_t first = k * length, r = 0; r < rows; ++r, first += count * length)
        run_range(first, first + length, [=](std::size_t i) { f(k, i); });
  }

  // The sum of f(k, i) over each group k of a block.
  template <class Sum, class F>
  std::array<Sum, most> sum(std::size_t begin, std::size_t end, F f) const {
    std::array<Sum, most> sums{};
    if (length == 1)
      run(begin, end, [=, sums = sums.data()](auto k, auto i) {
        sums[k - begin] += static_cast<Sum>(f(k, i));
      });
    else
      for (std::size_t k = begin; k < end; ++k)
        for (std::size_t first = k * length, r = 0; r < rows; ++r, first += count * length)
          sums[k - begin] += static_cast<Sum>(
              sum_range(first, first + length, [=](std::size_t i) { return f(k, i); }));
    return sums;
  }
};

// Computes y and records its gradients. Weight and bias are [count], one for each group, if they
// are its own (sums, then over many rows, are taken in double), else [length], the same for all
// groups. A mean and a variance [count] that are given are used as they are; else those of x are,
// and found(k, μ, Σ (x - μ)²) is told.
template <bool own_weights, class Found>
void normalize(const char* op, const Groups& groups, Tensor x, Tensor weight, Tensor bias, Tensor y,
               double epsilon, Tensor given_mean, Tensor given_variance, Found found) {
  using Sum = std::conditional_t<own_weights, double, Real>;
  const auto size = static_cast<Sum>(groups.size());
  const auto numbers = [&] { return y.tape->result({static_cast<int>(groups.count)}, false).data; };
  const bool given = given_mean.data != nullptr;
  Real* mean = given ? given_mean.data : numbers();
  Real* scale = numbers();  // 1 / √(σ² + ε)

  // y = (x - μ) factor w + b: the weight of a group is part of the factor.
  const auto factor = [=, w = weight.data](std::size_t k) {
    return own_weights ? scale[k] * w[k] : scale[k];
  };
  const auto w = [w = weight.data, length = groups.length](auto k, auto i) {
    return own_weights ? Real(1) : w[i - k * length];
  };
  const auto b = [b = bias.data, length = groups.length](auto k, auto i) {
    return b[own_weights ? k : i - k * length];
  };
  groups.for_each([=, x = x.data, y = y.data](std::size_t begin, std::size_t end) {
    std::array<Sum, Groups::most> squares{};
    if (!given) {
      const auto sums = groups.sum<Sum>(begin, end, [=](auto, auto i) { return x[i]; });
      for (std::size_t k = begin; k < end; ++k) mean[k] = static_cast<Real>(sums[k - begin] / size);
      squares = groups.sum<Sum>(
          begin, end, [=](auto k, auto i) { return (x[i] - mean[k]) * (x[i] - mean[k]); });
    }
    for (std::size_t k = begin; k < end; ++k) {
      const Sum variance = given ? given_variance.data[k] : squares[k - begin] / size;
      scale[k] = static_cast<Real>(1 / std::sqrt(variance + static_cast<Sum>(epsilon)));
      if (!given) found(k, mean[k], squares[k - begin]);
    }
    groups.run(begin, end,
               [=](auto k, auto i) { y[i] = (x[i] - mean[k]) * factor(k) * w(k, i) + b(k, i); });
  });

  on_backward(op, y, [=] {
    // With g = dy w: dx = factor (g - mean(g) - x̂ mean(g x̂)), since μ and σ depend on all of the
    // group, and dx = factor g if they are given.
    const auto g = [=, dy = y.grad](auto k, auto i) { return dy[i] * w(k, i); };
    const auto normal = [=, x = x.data](auto k, auto i) { return (x[i] - mean[k]) * scale[k]; };
    if (own_weights || x.grad != nullptr)
      groups.for_each([=](std::size_t begin, std::size_t end) {
        const auto sum_g = groups.sum<Sum>(begin, end, g);
        const auto sum_gx =
            groups.sum<Sum>(begin, end, [=](auto k, auto i) { return g(k, i) * normal(k, i); });
        std::array<Real, Groups::most> mean_g{}, mean_gx{};
        for (std::size_t k = begin, j = 0; k < end; ++k, ++j) {
          if (!given) {
            mean_g[j] = static_cast<Real>(sum_g[j] / size);
            mean_gx[j] = static_cast<Real>(sum_gx[j] / size);
          }
          if (own_weights && bias.grad != nullptr) bias.grad[k] += static_cast<Real>(sum_g[j]);
          if (own_weights && weight.grad != nullptr) weight.grad[k] += static_cast<Real>(sum_gx[j]);
        }
        if (x.grad == nullptr) return;
        groups.run(begin, end,
                   [=, dx = x.grad, a = mean_g.data(), b = mean_gx.data()](auto k, auto i) {
                     dx[i] += factor(k) * (g(k, i) - a[k - begin] - normal(k, i) * b[k - begin]);
                   });
      });
    if (own_weights) return;
    const std::size_t d = groups.length;
    if (weight.grad != nullptr)
      sum_rows(groups.count, d, weight.grad, [=, dy = y.grad, x = x.data](auto k, auto j) {
        return dy[k * d + j] * (x[k * d + j] - mean[k]) * scale[k];
      });
    if (bias.grad != nullptr)
      sum_rows(groups.count, d, bias.grad,
               [=, dy = y.grad](auto k, auto j) { return dy[k * d + j]; });
  });
}
}  // namespace temper
