// The specification of softmax cross-entropy: the formula of losses/cross_entropy.h, one row after
// the other in long double, with no thought of speed. Whatever computes it is tested against this.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "losses/cross_entropy.h"

namespace temper {
using Exact = long double;  // finer than double, so that the double build is tested too

struct CrossEntropySpecification {
  std::vector<Exact> losses, target_sums;       // [n]: ℓ and A
  std::vector<Exact> probabilities, gradients;  // [n, classes]: p, and dℓ/dz of the row's own loss
  Exact divisor = 0;                            // D

  // Rows of logits and of targets, [n, classes] each; of labels the targets are one-hot rows, or
  // those of the target matrix. `ignored` says of each row whether it does not count.
  CrossEntropySpecification(std::span<const Real> logits, std::span<const Real> targets,
                            const std::vector<bool>& ignored, const CrossEntropyOptions& o) {
    const std::size_t n = ignored.size(), classes = logits.size() / n;
    for (std::size_t r = 0; r < n; ++r) {
      losses.push_back(0);
      target_sums.push_back(0);
      probabilities.resize((r + 1) * classes);
      gradients.resize((r + 1) * classes);
      if (ignored[r]) continue;
      const auto z = logits.subspan(r * classes, classes),
                 t = targets.subspan(r * classes, classes);
      const std::span p = std::span(probabilities).subspan(r * classes);
      const Exact max = *std::ranges::max_element(z);
      Exact sum = 0;
      for (std::size_t c = 0; c < classes; ++c) sum += p[c] = std::exp(z[c] - max);
      const Exact log_sum = std::log(sum), epsilon = o.label_smoothing;
      std::vector<Exact> wt(classes);  // w t̃
      for (std::size_t c = 0; c < classes; ++c) {
        const Exact w = o.class_weights.empty() ? 1 : o.class_weights[c];
        const Exact u = o.smoothing_prior.empty() ? Exact(1) / classes : o.smoothing_prior[c];
        wt[c] = w * ((1 - epsilon) * t[c] + epsilon * u);
        const Exact log_p = (z[c] - max) - log_sum;
        if (wt[c] != 0) losses[r] -= wt[c] * log_p;  // 0 log 0 = 0
        target_sums[r] += wt[c];
        divisor += w * t[c];
      }
      for (std::size_t c = 0; c < classes; ++c) {
        p[c] /= sum;
        gradients[r * classes + c] = target_sums[r] * p[c] - wt[c];
      }
    }
  }

  // What becomes of the losses: themselves, their sum, or Σ ℓ / D, 0 when D is.
  std::vector<double> reduced(Reduction reduction) const {
    if (reduction == Reduction::none) return {losses.begin(), losses.end()};
    Exact sum = 0;
    for (const Exact loss : losses) sum += loss;
    return {static_cast<double>(reduction == Reduction::sum ? sum : sum * mean_factor())};
  }
  Exact mean_factor() const { return divisor > 0 ? 1 / divisor : 0; }
};
}  // namespace temper
