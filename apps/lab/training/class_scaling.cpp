#include "class_scaling.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace temper::lab {
namespace {
void check(const char* caller, const Predictions& p) {
  p.check(caller);
  require(std::ranges::all_of(p.logits, [](Real z) { return std::isfinite(z); }), caller,
          ": a logit is -inf, which no weight changes");
}

// Pulls what is sought to where it started, so that it is unique: see the header.
constexpr double ridge = 1e-9;

// The mean NLL of softmax(x_c + x_(C + c) z_c), the latter half 1 if x is of length C; with its
// gradient and Hessian.
struct Expansion {
  double value = 0;
  std::vector<double> gradient, hessian;  // [m], [m, m], its lower half
};

Expansion expand(const std::vector<double>& x, const std::vector<double>& first,
                 const std::vector<double>& z, Labels labels) {
  const std::size_t m = x.size(), n = labels.size(), classes = z.size() / n;
  Expansion at{0, std::vector<double>(m), std::vector<double>(m * m)};
  std::vector<double> p(classes), slope(m);
  for (std::size_t r = 0; r < n; ++r) {
    const double* row = z.data() + r * classes;
    const auto label = static_cast<std::size_t>(labels[r]);
    for (std::size_t c = 0; c < classes; ++c)
      p[c] = x[c] + (m > classes ? x[classes + c] : 1) * row[c];
    const auto top = std::ranges::max_element(p);
    const double max = *top, gap = max - p[label];
    double rest = 0;
    for (auto other = p.begin(); other != p.end(); ++other) {
      *other = std::exp(*other - max);
      if (other != top) rest += *other;
    }
    at.value += std::log1p(rest) + gap;
    for (double& q : p) q /= 1 + rest;
    for (std::size_t i = 0; i < m; ++i) {
      const std::size_t c = i % classes;
      const double input = i < classes ? 1 : row[c];
      at.gradient[i] += (p[c] - (c == label)) * input;
      slope[i] = p[c] * input;
      for (std::size_t j = 0; j <= i; ++j)  // Σ p_c (1[c = k] - p_k) input_i input_j
        at.hessian[i * m + j] -= slope[i] * slope[j];
      at.hessian[i * m + c] += slope[i];
      if (i >= classes) at.hessian[i * m + i] += slope[i] * input;
    }
  }
  const auto count = static_cast<double>(n);
  at.value /= count;
  for (double& h : at.hessian) h /= count;
  for (std::size_t i = 0; i < m; ++i) {
    const double moved = x[i] - first[i];
    at.value += ridge / 2 * moved * moved;
    at.gradient[i] = at.gradient[i] / count + ridge * moved;
    at.hessian[i * m + i] += ridge;
  }
  return at;
}

// Hessian⁻¹ gradient, by Cholesky.
std::vector<double> newton_step(Expansion at) {
  std::vector<double>&x = at.gradient, &l = at.hessian;
  const std::size_t m = x.size();
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = l[i * m + j];
      for (std::size_t k = 0; k < j; ++k) sum -= l[i * m + k] * l[j * m + k];
      l[i * m + j] = i == j ? std::sqrt(std::max(sum, ridge)) : sum / l[j * m + j];
    }
    for (std::size_t k = 0; k < i; ++k) x[i] -= l[i * m + k] * x[k];
    x[i] /= l[i * m + i];
  }
  for (std::size_t i = m; i-- > 0;) {
    for (std::size_t k = i + 1; k < m; ++k) x[i] -= l[k * m + i] * x[k];
    x[i] /= l[i * m + i];
  }
  return x;
}

// Biases, and weights if wanted, on top of a scaling without biases.
Scaling newton(const Predictions& p, Scaling scaling, bool weights) {
  const auto classes = static_cast<std::size_t>(p.classes);
  std::vector<double> z(p.logits.begin(), p.logits.end());
  for (std::size_t i = 0; i < z.size(); ++i) z[i] *= scaling.weights[i % classes];
  std::vector<double> first(classes);
  if (weights) first.resize(2 * classes, 1.0);

  std::vector<double> x = first;
  Expansion at = expand(x, first, z, p.labels);
  ++scaling.passes;
  for (double decrement = 1; decrement > 1e-12 && scaling.passes < 100;) {
    const std::vector<double> step = newton_step(at);
    decrement = std::inner_product(step.begin(), step.end(), at.gradient.begin(), 0.0);
    const std::vector<double> before = x;
    const double value = at.value;
    double length = 1;
    for (;; length /= 2) {  // the whole step unless it overshoots (Armijo 1966)
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = before[i] - length * step[i];
      if (decrement <= 1e-12) break;
      at = expand(x, first, z, p.labels);
      ++scaling.passes;
      if (at.value <= value - 1e-4 * length * decrement) break;
    }
  }
  const double mean = std::accumulate(x.begin(), x.begin() + p.classes, 0.0) / p.classes;
  for (std::size_t c = 0; c < classes; ++c) {
    scaling.biases[c] = x[c] - mean;
    if (weights) scaling.weights[c] *= x[classes + c];
  }
  return scaling;
}
}  // namespace

Scaling fit_bias(const Predictions& p) {
  check("fit_bias", p);
  const auto classes = static_cast<std::size_t>(p.classes);
  return newton(p, {std::vector(classes, 1.0), std::vector(classes, 0.0)}, false);
}

Scaling fit_vector_scaling(const Predictions& p) {
  check("fit_vector_scaling", p);
  return newton(p, fit_temperature(p), true);
}
}  // namespace temper::lab
