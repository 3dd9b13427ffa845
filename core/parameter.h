// Parameter: numbers that a layer owns and that outlive every tape.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "buffer.h"
#include "tape.h"

namespace temper {
// A weight with its gradient; or numbers that belong to a layer but are not learned, such as
// running statistics. Their place in memory stays the same when the layer that owns them moves.
class Parameter {
 public:
  Parameter() = default;             // no numbers: a layer without a bias
  Parameter(Parameter&&) = default;  // moves, does not copy
  Parameter& operator=(Parameter&&) = default;
  explicit Parameter(Shape shape) : Parameter(shape, true) {}
  static Parameter not_learned(Shape shape) { return {shape, false}; }

  // What ops are given: without a gradient if it is frozen or not learned.
  Tensor tensor() const {
    if (numbers_ == nullptr) return {};
    const Numbers& n = *numbers_;
    return {.shape = n.shape,
            .data = n.data.data(),
            .grad = n.frozen ? nullptr : n.grad.data(),
            .owner = numbers_.get()};
  }
  // NOLINTNEXTLINE(google-explicit-constructor)
  operator Tensor() const { return tensor(); }  // so that a parameter can be given to any op

  bool learned() const { return numbers_ != nullptr && numbers_->grad.data() != nullptr; }
  bool frozen() const { return numbers_ != nullptr && numbers_->frozen; }
  void set_frozen(bool frozen) const {
    if (numbers_ != nullptr) numbers_->frozen = frozen;
  }

 private:
  friend struct NamedTensor;
  struct Numbers : Owner {
    Shape shape;
    Buffer<Real> data, grad;
    bool frozen = false;
  };
  Parameter(Shape shape, bool learned) : numbers_(std::make_shared<Numbers>()) {
    numbers_->shape = shape;
    numbers_->data = Buffer<Real>(shape.size(), "parameter");
    if (learned) numbers_->grad = Buffer<Real>(shape.size(), "parameter");
  }

  std::shared_ptr<Numbers> numbers_;
};

// Numbers of a model under the name they have in a checkpoint ("0.weight"). Those of a parameter
// live as long as this does, even if the model is gone.
struct NamedTensor {
  std::string name;
  Tensor tensor;  // of a parameter: with its gradient, also while it is frozen
  std::shared_ptr<Owner> owner = {};
  const bool* frozen = nullptr;

  NamedTensor(std::string its_name, Tensor numbers) : name(std::move(its_name)), tensor(numbers) {}
  NamedTensor(std::string its_name, const Parameter& parameter)
      : NamedTensor(std::move(its_name), parameter.tensor()) {
    if (parameter.numbers_ == nullptr) return;
    tensor.grad = parameter.numbers_->grad.data();
    owner = parameter.numbers_;
    frozen = &parameter.numbers_->frozen;
  }

  // Whether training changes it, as things stand now.
  bool trained() const { return tensor.grad != nullptr && (frozen == nullptr || !*frozen); }
};
using Parameters = std::vector<NamedTensor>;

// Throws ShapeError, beginning with the name of the caller, if an op of this step of the tape used
// a parameter that is not in the list: a part of a module that its parts() forgot.
inline void check_listed(const char* caller, const Tape& tape, const Parameters& listed) {
  for (const Tensor& used : tape.parameters())
    require(std::ranges::any_of(listed, [&](const auto& p) { return p.tensor.data == used.data; }),
            caller, ": forward() uses a parameter ", used.shape,
            " that parts() does not list: it is not trained and will not be saved");
}
}  // namespace temper
