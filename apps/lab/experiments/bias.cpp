#include "bias.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace temper::lab {
namespace {
using Vector = std::vector<double>;
constexpr double pull = 1e-9;

// Hessian⁻¹ gradient of the mean NLL of softmax(z + b) by b, with a tiny pull of b to 0.
Vector newton_step(const Predictions& p, const Vector& b) {
  const std::size_t classes = b.size();
  Vector g(classes), h(classes * classes), q(classes);
  for (std::size_t c = 0; c < classes; ++c) {
    g[c] = pull * b[c];
    h[c * classes + c] = pull;
  }
  for (std::size_t r = 0; r < p.labels.size(); ++r) {
    for (std::size_t c = 0; c < classes; ++c) q[c] = double{p.logits[r * classes + c]} + b[c];
    const double max = *std::ranges::max_element(q);
    for (double& x : q) x = std::exp(x - max);
    const double sum = std::accumulate(q.begin(), q.end(), 0.0);
    g[static_cast<std::size_t>(p.labels[r])] -= 1.0 / p.size();
    for (std::size_t i = 0; i < classes; ++i) {
      const double share = q[i] / sum / p.size();
      g[i] += share;
      h[i * classes + i] += share;
      for (std::size_t j = 0; j < classes; ++j) h[i * classes + j] -= share * q[j] / sum;
    }
  }
  // by elimination: the Hessian is positive definite
  for (std::size_t i = 0; i < classes; ++i) {
    for (std::size_t r = i + 1; r < classes; ++r) {
      const double factor = h[r * classes + i] / h[i * classes + i];
      for (std::size_t c = i; c < classes; ++c) h[r * classes + c] -= factor * h[i * classes + c];
      g[r] -= factor * g[i];
    }
  }
  for (std::size_t i = classes; i-- > 0;) {
    for (std::size_t c = i + 1; c < classes; ++c) g[i] -= h[i * classes + c] * g[c];
    g[i] /= h[i * classes + i];
  }
  return g;
}
}  // namespace

Scaling fit_bias(const Predictions& p) {
  p.check("fit_bias");
  require(std::ranges::all_of(p.logits, [](Real z) { return std::isfinite(z); }),
          "fit_bias: a logit is -inf, which no weight changes");
  const auto classes = static_cast<std::size_t>(p.classes);
  Scaling scaling{Vector(classes, 1.0), Vector(classes), 0};
  for (double range = 1; range > 1e-6 && scaling.passes < 100; ++scaling.passes) {
    const Vector step = newton_step(p, scaling.biases);
    const auto [least, most] = std::ranges::minmax(step);
    range = most - least;
    // A step whose numbers differ by at most 1.5 does not overshoot: the third derivative of the
    // loss is bounded by the second (Bach 2010).
    for (std::size_t c = 0; c < classes; ++c)
      scaling.biases[c] -= std::min(1.0, 1.5 / range) * step[c];
  }
  const double mean =
      std::accumulate(scaling.biases.begin(), scaling.biases.end(), 0.0) / p.classes;
  for (double& b : scaling.biases) b -= mean;
  return scaling;
}
}  // namespace temper::lab
