// Constants: numbers that an option keeps.
#pragma once

#include <concepts>
#include <vector>

#include "tensor.h"

namespace temper {
// A copy of what it is made from, so that options may stand in a variable for as long as one likes.
// Copies of it share the numbers, and so does a tape that needs them: for many numbers, make the
// options once and use them in every step.
class Constants {
 public:
  Constants() = default;
  Constants(std::initializer_list<Real> numbers) : Constants(std::span(numbers)) {}
  template <class Numbers>
  requires std::convertible_to<const Numbers&, std::span<const Real>> Constants(
      const Numbers& numbers) {  // NOLINT(google-explicit-constructor): a vector is one
    const std::span<const Real> span(numbers);
    if (span.empty()) return;
    memory_ = std::make_shared<Memory>();
    memory_->numbers.assign(span.begin(), span.end());
  }

  std::size_t size() const { return memory_ == nullptr ? 0 : memory_->numbers.size(); }
  bool empty() const { return size() == 0; }
  Real operator[](std::size_t i) const { return memory_->numbers[i]; }
  operator std::span<const Real>() const {  // NOLINT(google-explicit-constructor)
    if (empty()) return {};
    return memory_->numbers;
  }
  // For tape.input(), [n].
  Tensor tensor() const {
    return {.shape = {static_cast<std::int64_t>(size())},
            .data = memory_ == nullptr ? nullptr : memory_->numbers.data(),
            .owner = memory_.get()};
  }

 private:
  struct Memory : Owner {
    std::vector<Real> numbers;
  };
  std::shared_ptr<Memory> memory_;
};
}  // namespace temper
