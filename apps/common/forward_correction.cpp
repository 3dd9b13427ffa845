// Forward correction, row by row.
#include "forward_correction.h"

#include "core/softmax.h"
#include "losses/distribution.h"

namespace temper {
Tensor forward_corrected_cross_entropy(Tensor logits, Labels noisy,
                                       std::span<const Real> transition, Reduction reduction) {
  constexpr const char* op = "forward_correction";
  check_logits(op, logits.shape);
  const std::size_t n = noisy.size(), classes = logits.shape.columns();
  require_labels(noisy, logits.shape);
  check_matrix(op, transition, classes);
  const Tensor losses = make_result(op, logits.shape.without(1), {&logits});
  // Transposed, so that what leads to a label lies side by side.
  const Tensor sources = losses.tape->result({logits.shape[1], logits.shape[1]}, false);
  for (std::size_t i = 0; i < transition.size(); ++i)
    sources.data[i % classes * classes + i / classes] = transition[i];
  const Tensor slope = losses.tape->result(losses.grad == nullptr ? Shape{0} : logits.shape, false);

  // ℓ = log Σ e^z - log Σ t e^z with t = T[:, noisy], each sum relative to its own largest logit:
  // the likely classes may be just those that cannot have led to the label.
  constexpr Real none = -std::numeric_limits<Real>::infinity();
  for_each_row(n, 50 * classes, [=, labels = noisy.data()](std::size_t r) {
    const Real* z = logits.data + r * classes;
    const Real* t = sources.data + static_cast<std::size_t>(labels[r]) * classes;
    const ExponentialSum all = exponential_sum(z, classes);
    const Real led = max_range(0, classes, [=](std::size_t c) { return t[c] > 0 ? z[c] : none; });
    const auto part = [=](std::size_t c) {
      return t[c] == 0 ? 0 : z[c] == led ? t[c] : t[c] * fast::exp(z[c] - led);
    };
    const Real likely = sum_range(0, classes, part);
    losses.data[r] = (all.max - led) + (fast::log1p(all.rest) - fast::log(likely));
    if (losses.grad == nullptr) return;
    // dℓ/dz = softmax(z) - t e^z / Σ t e^z: the classes as they are, less as the label shows them
    run_range(0, classes, [=, to = slope.data + r * classes](std::size_t c) {
      to[c] = all.exponential(z[c]) / (1 + all.rest) - (t[c] == 0 ? 0 : part(c) / likely);
    });
  });
  on_backward(op, losses, [=] {
    for_each_row(n, 2 * classes, [=](std::size_t r) {
      run_range(r * classes, (r + 1) * classes,
                [=, dy = losses.grad[r]](std::size_t i) { logits.grad[i] += dy * slope.data[i]; });
    });
  });
  return reduce(losses, reduction);
}
}  // namespace temper
