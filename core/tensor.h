// Tensor: a view of numbers and of their gradient.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>

#include "real.h"
#include "shape.h"

namespace temper {
class Tape;

// Whoever owns numbers that a tape may need for longer than anybody else: a parameter, a batch. It
// is made by std::make_shared, and a tape that is given its numbers shares it until clear().
struct Owner : std::enable_shared_from_this<Owner> {
  virtual ~Owner() = default;
  std::uint32_t changes = 0;  // how often an optimizer has changed the numbers
};

// Contiguous, row-major numbers and, where one is wanted, their gradient. A tensor owns neither:
// parameters belong to layers; whatever is computed belongs to a Tape and is valid until the tape's
// clear(), and no longer than the tape. Every op refuses a tensor from before a clear(); whoever
// reads `data` or `grad` directly has no such guard. Numbers of one's own:
// {.shape = {2, 3}, .data = pointer}.
struct Tensor {
  Shape shape;
  std::uint32_t step = 0;  // how often the tape had been cleared when it made this tensor
  Real* data = nullptr;
  Real* grad = nullptr;    // null: no gradient is wanted
  Tape* tape = nullptr;    // null: a parameter or a data set
  Owner* owner = nullptr;  // of such numbers, if a tape can share them; null: the caller

  std::size_t size() const { return shape.size(); }
  std::span<Real> values() const { return {data, size()}; }
  std::span<Real> gradients() const { return {grad, grad != nullptr ? size() : 0}; }

  // The value of a tensor of one element.
  Real item() const;
};
static_assert(std::is_trivially_copyable_v<Tensor>);
}  // namespace temper
