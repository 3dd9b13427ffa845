// Temperature scaling by Newton's method.
#include "scaling.h"

namespace temper {
namespace {
// How far logits are below the largest of their row: mean and variance under softmax(β z).
struct Gap {
  double mean = 0, variance = 0;
};

Gap gap_at(double beta, const Predictions& p) {
  Gap total;
  for (std::size_t r = 0; r < p.labels.size(); ++r) {
    const auto row = p.row(r);
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

Scaling uniform(const Predictions& p, double weight, int passes) {
  return {std::vector(p.row(0).size(), weight), std::vector(p.row(0).size(), 0.0), passes};
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
  p.check("fit_temperature");
  require(std::ranges::all_of(p.logits, [](Real z) { return std::isfinite(z); }),
          "fit_temperature: a logit is -inf, which no weight changes");
  double gap = 0;
  for (std::size_t r = 0; r < p.labels.size(); ++r)
    gap += p.top(r).max - double{p.row(r)[static_cast<std::size_t>(p.labels[r])]};
  gap /= p.size();
  const Gap even = gap_at(0, p);
  const double spread = std::sqrt(even.variance);
  if (spread == 0) return uniform(p, 1, 1);
  // As sharp as logits may become, and as flat; the logits as they are must be within.
  const double sharp = std::max(1000 / spread, 1.0), flat = std::min(0.001 / spread, 1.0);
  if (gap == 0) return uniform(p, sharp, 1);
  if (gap >= even.mean) return uniform(p, flat, 1);

  double x = std::clamp(std::log((even.mean - gap) / even.variance), std::log(flat),
                        std::log(sharp));  // log β, from a step of Newton's method on NLL' at 0
  double below = -INFINITY, above = INFINITY;
  int passes = 1;
  for (double step = INFINITY; std::abs(step) > 1e-6 && passes < 100; ++passes) {
    const double beta = std::exp(x);
    const Gap at = gap_at(beta, p);
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
}  // namespace temper
