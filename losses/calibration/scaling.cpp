// Temperature and vector scaling by Newton's method.
#include "scaling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace temper {
namespace {
void check(const char* caller, const Predictions& p) {
  p.check(caller);
  require(std::ranges::all_of(p.logits, [](Real z) { return std::isfinite(z); }), caller,
          ": a logit is -inf, which no weight changes");
}

// How far logits are below the largest of their row under softmax(β z), which is its mean: the
// expected gap, and the expected variance.
struct Gap {
  double mean = 0, variance = 0;
};

Gap gap_at(double beta, const Predictions& p) {
  const auto classes = static_cast<std::size_t>(p.classes);
  Gap total;
  for (std::size_t r = 0; r < p.labels.size(); ++r) {
    const auto row = std::span(p.logits).subspan(r * classes, classes);
    const double max = double{*std::ranges::max_element(row)};
    double sum = 0, first = 0, second = 0;
    for (const Real z : row) {
      const double gap = max - double{z}, e = std::exp(-beta * gap);
      sum += e;
      first += e * gap;
      second += e * gap * gap;
    }
    const double mean = first / sum;
    total.mean += mean;
    total.variance += second / sum - mean * mean;
  }
  const double n = p.size();
  return {total.mean / n, total.variance / n};
}

// Pulls what is sought to where it started, so that it is unique: see fit_vector_scaling.
constexpr double ridge = 1e-9;

// The mean NLL of softmax(x_c + x_(C + c) z_c), with its gradient and Hessian.
struct Expansion {
  double value = 0;
  std::vector<double> gradient, hessian;  // [2 C], [2 C, 2 C], its lower half
};

Expansion expand(const std::vector<double>& x, const std::vector<double>& first,
                 const std::vector<double>& z, Labels labels) {
  const std::size_t m = x.size(), n = labels.size(), classes = z.size() / n;
  Expansion at{0, std::vector<double>(m), std::vector<double>(m * m)};
  std::vector<double> p(classes), slope(m);
  for (std::size_t r = 0; r < n; ++r) {
    const double* row = z.data() + r * classes;
    const auto label = static_cast<std::size_t>(labels[r]);
    for (std::size_t c = 0; c < classes; ++c) p[c] = x[c] + x[classes + c] * row[c];
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

Scaling uniform(const Predictions& p, double weight, int passes) {
  const auto classes = static_cast<std::size_t>(p.classes);
  return {std::vector(classes, weight), std::vector(classes, 0.0), passes};
}
}  // namespace

double Scaling::temperature() const {
  require(!weights.empty() && std::ranges::count(weights, weights[0]) == std::ssize(weights),
          "temperature: the weights of this scaling differ");
  return 1 / weights[0];
}

Predictions scaled(Predictions p, const Scaling& scaling) {
  const auto classes = static_cast<std::size_t>(p.classes);
  require(scaling.weights.size() == classes && scaling.biases.size() == classes,
          "scaled: ", classes, " classes, but ", scaling.weights.size(), " weights and ",
          scaling.biases.size(), " biases");
  for (std::size_t i = 0; i < p.logits.size(); ++i)
    p.logits[i] = static_cast<Real>(scaling.weights[i % classes] * double{p.logits[i]} +
                                    scaling.biases[i % classes]);
  return p;
}

// With β = 1 / T the derivative of the NLL is gap - gap_at(β).mean, where gap is the mean distance
// of the label's logit from the largest. Newton's method takes up to 16 passes on NLL', but 5 or 6
// on log gap_at(β).mean, which is nearly a straight line in log β.
Scaling fit_temperature(const Predictions& p) {
  check("fit_temperature", p);
  const auto classes = static_cast<std::size_t>(p.classes);
  double gap = 0;
  for (std::size_t r = 0; r < p.labels.size(); ++r)
    gap += p.top(r).max - double{p.logits[r * classes + static_cast<std::size_t>(p.labels[r])]};
  gap /= p.size();
  const Gap even = gap_at(0, p);
  const double spread = std::sqrt(even.variance);
  if (spread == 0) return uniform(p, 1, 1);
  // As sharp as logits may become, and as flat; the logits as they are must be within.
  const double sharp = std::max(1000 / spread, 1.0), flat = std::min(0.001 / spread, 1.0);
  if (gap == 0) return uniform(p, sharp, 1);
  if (gap >= even.mean) return uniform(p, flat, 1);

  constexpr double infinity = std::numeric_limits<double>::infinity();
  double x = std::clamp(std::log((even.mean - gap) / even.variance), std::log(flat),
                        std::log(sharp));  // log β, from a step of Newton's method on NLL' at 0
  double below = -infinity, above = infinity;
  int passes = 1;
  for (double step = infinity; std::abs(step) > 1e-6 && passes < 100;) {
    const double beta = std::exp(x);
    const Gap at = gap_at(beta, p);
    ++passes;
    (at.mean > gap ? below : above) = x;
    step = std::log(at.mean / gap) * at.mean / (beta * at.variance);
    double next = x + step;
    if (!(next > below && next < above)) next = (below + above) / 2;
    next = std::clamp(next, std::log(flat), std::log(sharp));
    step = next - x;
    x = next;
  }
  return uniform(p, std::exp(x), passes);
}

Scaling fit_vector_scaling(const Predictions& p) {
  check("fit_vector_scaling", p);
  Scaling scaling = fit_temperature(p);
  const auto classes = static_cast<std::size_t>(p.classes);
  std::vector<double> z(p.logits.begin(), p.logits.end());
  for (std::size_t i = 0; i < z.size(); ++i) z[i] *= scaling.weights[i % classes];
  std::vector<double> first(classes);
  first.resize(2 * classes, 1.0);

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
    scaling.weights[c] *= x[classes + c];
  }
  return scaling;
}
}  // namespace temper
