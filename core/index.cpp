// Ops that move numbers without computing: reshape, rows, concat, embedding.
#include <cmath>

#include "ops.h"

namespace temper {
Tensor reshape(Tensor x, Shape shape) {  // the same memory and the same gradient: nothing to record
  if (x.tape != nullptr) x.tape->check(x);
  require(shape.size() == x.size(), "reshape: ", x.shape, " does not fit ", shape);
  x.shape = shape;
  return x;
}

Tensor rows(Tensor x, std::int64_t begin, std::int64_t end) {
  if (x.tape != nullptr) x.tape->check(x);
  require(x.shape.rank() >= 1 && 0 <= begin && begin <= end && end <= x.shape[0], "rows: ", begin,
          " to ", end, " of ", x.shape);
  const std::size_t row = x.shape.without(0).size();
  x.data += static_cast<std::size_t>(begin) * row;
  if (x.grad != nullptr) x.grad += static_cast<std::size_t>(begin) * row;
  x.shape = x.shape.with(0, end - begin);
  return x;
}

Tensor concat(std::span<const Tensor> parts, int axis) {
  require(!parts.empty(), "concat: nothing to join");
  const Shape& first = parts[0].shape;
  const int a = first.index(axis, "concat");
  std::int64_t length = 0;
  for (const Tensor& part : parts) {
    require(part.shape.rank() == first.rank() && part.shape.with(a, 0) == first.with(a, 0),
            "concat: ", first, " and ", part.shape, " may differ in axis ", axis, " only");
    length += part.shape[a];
  }
  thread_local std::vector<Tensor> list;  // both keep their memory for the next call
  thread_local std::vector<Tensor*> inputs;
  list.assign(parts.begin(), parts.end());
  inputs.clear();
  for (Tensor& part : list) inputs.push_back(&part);
  Tensor y = make_result("concat", first.with(a, length), inputs);
  std::size_t outer = 1;  // rows of y, of which each part fills a run
  for (int i = 0; i < a; ++i) outer *= static_cast<std::size_t>(first[i]);
  const auto for_each_run = [=](std::span<const Tensor> all, auto f) {
    std::size_t to = 0;
    for (std::size_t o = 0; o < outer; ++o)
      for (const Tensor& part : all) {
        const std::size_t n = part.size() / outer;
        f(part, o * n, to, n);
        to += n;
      }
  };
  for_each_run(parts, [=](const Tensor& part, auto from, auto to, auto n) {
    std::copy_n(part.data + from, n, y.data + to);
  });
  if (y.grad == nullptr) return y;
  on_backward("concat", y, [=, kept = y.tape->keep(parts)] {
    for_each_run(kept, [=](const Tensor& part, auto from, auto to, auto n) {
      if (part.grad == nullptr) return;
      for (std::size_t i = 0; i < n; ++i) part.grad[from + i] += y.grad[to + i];
    });
  });
  return y;
}

Tensor embedding(Tensor table, Tensor indices) {
  require(table.shape.rank() == 2, "embedding: the table must be [n, d], it is ", table.shape);
  require(indices.shape.rank() < Shape::max_rank, "embedding: indices ", indices.shape,
          " have too many axes");
  const int n = table.shape[0];
  require(n <= 1 << 24 || sizeof(Real) == 8,
          "embedding: a float cannot count the rows of the table ", table.shape);
  Shape shape{table.shape[1]};
  for (int i = indices.shape.rank() - 1; i >= 0; --i) shape = shape.batched(indices.shape[i]);
  Tensor y = make_result("embedding", shape, {&table, &indices});
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const Real index = indices.data[i];
    require(index >= 0 && index < static_cast<Real>(n) && index == std::floor(index),
            "embedding: index[", i, "] = ", index, " is not a row of the table ", table.shape);
  }
  const std::size_t width = table.shape.columns();
  const auto row = [=](std::size_t i) { return static_cast<std::size_t>(indices.data[i]) * width; };
  for (std::size_t i = 0; i < indices.size(); ++i)
    std::copy_n(table.data + row(i), width, y.data + i * width);
  if (table.grad == nullptr) return y;
  on_backward("embedding", y, [=] {  // in order: an index may occur twice
    for (std::size_t i = 0; i < indices.size(); ++i)
      for (std::size_t j = 0; j < width; ++j) table.grad[row(i) + j] += y.grad[i * width + j];
  });
  return y;
}
}  // namespace temper
