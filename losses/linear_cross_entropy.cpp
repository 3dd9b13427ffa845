// The last linear layer and its loss, some rows at a time, each part on a tape of its own.
#include <cmath>

#include "../core/parallel.h"
#include "cross_entropy.h"

namespace temper {
Tensor linear_cross_entropy(Tensor x, Tensor weight, Tensor bias, Labels labels,
                            const CrossEntropyOptions& o) {
  constexpr const char* op = "linear_cross_entropy";
  require(o.target_matrix.empty() && o.row_weights.empty(), op,
          ": a target_matrix and row_weights are for softmax_cross_entropy");
  if (o.reduction == Reduction::none)
    return softmax_cross_entropy(linear(x, weight, bias), labels, o);
  require(x.shape.rank() == 2 && weight.shape.rank() == 2, op, ": x ", x.shape, ", weight ",
          weight.shape, ": two matrices are needed");
  const bool has_bias = bias.data != nullptr;
  const Tensor y = make_result(op, {}, {&x, &weight, has_bias ? &bias : nullptr});
  const std::int64_t n = x.shape[0];
  require_labels(labels, {n, weight.shape[0]}, o.ignore_index);

  // The same numbers with room for the gradient of the sum, where one is wanted.
  const std::array<Tensor, 3> inputs{x, weight, bias};
  std::array<Tensor, 3> rooms = inputs;
  for (Tensor& room : rooms) {
    const bool wanted = y.grad != nullptr && room.grad != nullptr;
    room.grad = wanted ? y.tape->result(room.shape, false).data : nullptr;
    if (wanted) for_each_index(room.size(), [g = room.grad](std::size_t i) { g[i] = 0; });
  }
  CrossEntropyOptions of_part = o;
  of_part.reduction = Reduction::sum;
  thread_local Tape part;  // keeps its memory for the next call
  double total = 0;
  const std::int64_t most = std::max(256, (1 << 20) / std::max(1, weight.shape[0]));  // or slower
  for (std::int64_t begin = 0; begin < std::max<std::int64_t>(1, n); begin += most) {
    part.clear();
    const Tensor logits = linear(rows(part.input(rooms[0]), begin, std::min(begin + most, n)),
                                 part.input(rooms[1]), has_bias ? part.input(rooms[2]) : bias);
    const Tensor loss = softmax_cross_entropy(
        logits, labels.subspan(static_cast<std::size_t>(begin), logits.shape.rows()), of_part);
    total += static_cast<double>(loss.data[0]);
    // If it is not finite, nor is y: its backward() will say so.
    if (loss.grad != nullptr && std::isfinite(loss.data[0])) part.backward(loss);
  }
  part.clear();  // shares nothing any more

  const bool mean = o.reduction == Reduction::mean;
  double divisor = mean ? 0 : 1;
  for (const int label : mean ? labels : Labels())
    if (const auto c = static_cast<std::size_t>(label); o.ignore_index != label)
      divisor += o.class_weights.empty() ? 1 : double{o.class_weights[c]};
  const double scale = divisor > 0 ? 1 / divisor : 0;
  y.data[0] = static_cast<Real>(total * scale);
  on_backward(op, y, [=, scale = static_cast<Real>(scale)] {
    for (std::size_t k = 0; k < inputs.size(); ++k)
      if (Real* const to = inputs[k].grad; to != nullptr)
        for_each_index(inputs[k].size(), [=, from = rooms[k].grad, dy = y.grad[0] * scale](
                                             std::size_t i) { to[i] += dy * from[i]; });
  });
  return y;
}
}  // namespace temper
