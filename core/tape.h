// Tape: owns the memory of one training step and knows how to go back through it.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "arena.h"
#include "tensor.h"

namespace temper {
// Reverse-mode differentiation (Linnainmaa 1970) by closures: an op computes its result and records
// how a gradient of the result becomes gradients of its inputs. The order of computation is already
// a topological order, so backward() only walks it in reverse. One thread at a time on each tape.
class Tape {
 public:
  enum class Mode { train, infer };  // infer: nothing is recorded, no gradients, dropout is off

  explicit Tape(Mode mode = Mode::train) : mode_(mode) {}
  Tape(const Tape&) = delete;  // tensors point to their tape
  Tape& operator=(const Tape&) = delete;

  bool training() const { return mode_ == Mode::train; }

  // Brings outside numbers onto the tape without copying them. Those of a parameter or a batch live
  // as long as the tape needs them; others must do so. None may change by hand before backward(). A
  // gradient they have is kept and added to.
  Tensor input(Tensor outside);

  // Fills the gradient of everything that the loss (one element) depends on: gradients on the tape
  // are set, those of parameters are added to. Throws ShapeError for a loss that is not a scalar,
  // depends on no parameter, or on one that an optimizer has changed since; and NumericError for a
  // loss that is not finite. Gradients may be half done then: zero them.
  void backward(Tensor loss);

  // Forgets the step and keeps its memory for the next one: tensors made before become invalid.
  void clear();

  // For whoever writes an op:

  // Uninitialized memory for a result, or for what the op needs besides: without a name of the op
  // it is that of the last one. The op must write every element.
  Tensor result(Shape shape, bool needs_grad, const char* op = nullptr);

  // Keeps what backward() will do for the op that computed y. The closure captures tensors and
  // numbers by value ([=]); it adds to gradients and never assigns them.
  template <class Closure>
  void record(const char* op, Tensor y, Closure closure) {
    static_assert(
        std::is_trivially_copyable_v<Closure> && std::is_trivially_destructible_v<Closure>,
        "a backward closure captures tensors and numbers by value, nothing that owns memory");
    void* place = new (closures_.allocate(sizeof(Closure), op)) Closure(closure);
    steps_.push_back({op, y, place, [](void* c) { (*static_cast<Closure*>(c))(); }});
    if (observer_) observer_(op);
  }

  // Copies a caller's span, because a closure may not hold it past the op's return; of nothing it
  // is nothing, a null pointer.
  template <class T>
  std::span<const std::remove_const_t<T>> keep(std::span<T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (values.empty()) return {};
    auto* place =
        static_cast<std::remove_const_t<T>*>(closures_.allocate(values.size_bytes(), op_));
    std::ranges::copy(values, place);
    return {place, values.size()};
  }

  // Throws ShapeError if the tensor is from a step that was cleared.
  void check(const Tensor& t) const;

  // One recorded op, for messages and profiles.
  struct Step {
    const char* op;
    Tensor result;
    void* closure;
    void (*run)(void* closure);
  };
  std::span<const Step> steps() const { return steps_; }

  // What this step's ops were given from outside that wants a gradient: the parameters.
  std::span<const Tensor> parameters() const { return parameters_; }

  // Calls the observer, from now on, after each part of a training step: an op going forward
  // ("linear") or back ("linear backward"), and what else takes time. Profiles are made of it.
  using Observer = std::function<void(const std::string& part)>;
  void observe(Observer observer) { observer_ = std::move(observer); }

 private:
  Mode mode_;
  std::uint32_t step_ = 0;
  const char* op_ = "tape";  // which asks for memory
  Arena values_, grads_, closures_;
  std::vector<Step> steps_;  // in the order of computation
  struct Shared {            // outside numbers, and the first step that needs them
    std::shared_ptr<Owner> owner;
    std::uint32_t changes;
    std::size_t step;
  };
  std::vector<Shared> shared_;
  std::vector<Tensor> parameters_;
  Observer observer_;
};

// A loss, or a gradient to be clipped, that is infinite or not a number.
struct NumericError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What every op begins with: a result on the tape of its inputs, with a gradient if one of them has
// one. Inputs that are not there (null: none) are brought onto it: parameters as they are, numbers
// that nobody has promised to keep, by tape.input(), as a copy if backward() may need them. Throws
// ShapeError if no input is on a tape, if they are on two, or if one is from a cleared step.
Tensor make_result(const char* op, Shape shape, std::span<Tensor* const> inputs);
inline Tensor make_result(const char* op, Shape shape, std::initializer_list<Tensor*> inputs) {
  return make_result(op, shape, std::span(inputs));
}

// What every op ends with: records the closure if a gradient of y is wanted.
template <class Closure>
void on_backward(const char* op, Tensor y, Closure closure) {
  if (y.grad != nullptr) y.tape->record(op, y, closure);
}
}  // namespace temper
