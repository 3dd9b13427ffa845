// Tensor: a view of numbers and of their gradient. Parameter: a tensor that a layer owns.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "buffer.h"
#include "error.h"
#include "real.h"
#include "shape.h"

namespace temper {
class Tape;

// Contiguous, row-major numbers and, where one is wanted, their gradient. It owns neither:
// parameters belong to layers; whatever is computed belongs to a Tape and is valid until its
// clear(), and no longer than the Tape. Every op checks the former; `data` and `grad` themselves,
// read directly, are not checked. Numbers of one's own: {.shape = {2, 3}, .data = pointer}.
struct Tensor {
  Shape shape;
  std::uint32_t step = 0;  // the step of the tape that made it: catches use after clear()
  Real* data = nullptr;
  Real* grad = nullptr;  // null: no gradient wanted; in a copy this freezes or detaches
  Tape* tape = nullptr;  // null: a parameter or a data set

  std::size_t size() const { return shape.size(); }
  std::span<Real> values() const { return {data, size()}; }
  std::span<Real> gradients() const { return {grad, grad != nullptr ? size() : 0}; }

  // The value of a tensor of one element.
  Real item() const;
};
static_assert(std::is_trivially_copyable_v<Tensor>);

// Numbers with a gradient that outlive every tape: a weight. Its address in memory stays the same
// when the layer that owns it moves.
class Parameter {
 public:
  Parameter() = default;
  explicit Parameter(Shape shape) : shape_(shape), data_(shape.size()), grad_(shape.size()) {}

  Tensor tensor() const { return {.shape = shape_, .data = data_.data(), .grad = grad_.data()}; }
  // NOLINTNEXTLINE(google-explicit-constructor)
  operator Tensor() const { return tensor(); }  // so that a parameter can be given to any op

 private:
  Shape shape_;
  Buffer<Real> data_, grad_;
};

// A parameter under the name it has in a checkpoint ("0.weight").
struct NamedTensor {
  std::string name;
  Tensor tensor;
};
using Parameters = std::vector<NamedTensor>;

// The same parameters with "prefix." before each name.
Parameters prefixed(const std::string& prefix, Parameters parameters);
}  // namespace temper
