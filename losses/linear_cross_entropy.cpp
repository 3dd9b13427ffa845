// The last linear layer and its loss, some rows at a time, each part on a tape of its own.
#include "linear_cross_entropy.h"

#include <algorithm>
#include <cmath>

#include "../core/ops.h"
#include "../core/parallel.h"
#include "../core/tape.h"

namespace temper {
Tensor linear_cross_entropy(Tensor x, Tensor weight, Tensor bias, Labels labels,
                            const CrossEntropyOptions& options) {
  constexpr const char* op = "linear_cross_entropy";
  require(options.target_matrix.empty(), op,
          ": a target_matrix, as large as classes x classes, is for softmax_cross_entropy");
  if (options.reduction == Reduction::none)
    return softmax_cross_entropy(linear(x, weight, bias), labels, options);
  const bool has_bias = bias.data != nullptr;
  require(x.shape.rank() == 2 && weight.shape.rank() == 2, op, ": x ", x.shape, ", weight ",
          weight.shape, ": two matrices are needed");
  const Tensor y = make_result(op, {}, {x, weight, has_bias ? bias : weight});
  const int n = x.shape[0];
  require_labels(labels, {n, weight.shape[0]}, options.ignore_index);

  // The same numbers with room for the gradient of the sum, if it is wanted.
  const auto with_room = [y](Tensor t) {
    if (y.grad == nullptr) t.grad = nullptr;
    if (t.grad == nullptr) return t;
    t.grad = y.tape->result(t.shape, false).data;
    for_each_index(t.size(), [g = t.grad](std::size_t i) { g[i] = 0; });
    return t;
  };
  const Tensor x_room = with_room(x), weight_room = with_room(weight), bias_room = with_room(bias);
  CrossEntropyOptions of_part = options;
  of_part.reduction = Reduction::sum;
  thread_local Tape part;  // keeps its memory for the next call
  double total = 0;
  const int most =
      std::max(256, (1 << 20) / std::max(1, weight.shape[0]));  // fewer rows: slower products
  int begin = 0;
  do {
    const int end = std::min(begin + most, n);
    part.clear();
    const Tensor logits = linear(rows(part.input(x_room), begin, end), part.input(weight_room),
                                 has_bias ? part.input(bias_room) : bias);
    const Tensor loss = softmax_cross_entropy(
        logits, labels.subspan(static_cast<std::size_t>(begin), logits.shape.rows()), of_part);
    total += static_cast<double>(loss.data[0]);
    // if it is not finite, nor is y: its backward() will say so
    if (loss.grad != nullptr && std::isfinite(loss.data[0])) part.backward(loss);
    begin = end;
  } while (begin < n);
  double divisor = 1;
  if (options.reduction == Reduction::mean) {
    divisor = 0;
    for (const int label : labels)
      if (options.ignore_index != label)
        divisor += options.class_weights.empty()
                       ? 1
                       : double{options.class_weights[static_cast<std::size_t>(label)]};
  }
  const double scale = divisor > 0 ? 1 / divisor : 0;
  y.data[0] = static_cast<Real>(total * scale);
  on_backward(op, y, [=, scale = static_cast<Real>(scale)] {
    const auto add = [g = y.grad[0] * scale](Tensor to, Tensor room) {
      if (to.grad == nullptr) return;
      for_each_index(to.size(), [=](std::size_t i) { to.grad[i] += g * room.grad[i]; });
    };
    add(x, x_room);
    add(weight, weight_room);
    add(bias, bias_room);
  });
  return y;
}
}  // namespace temper
