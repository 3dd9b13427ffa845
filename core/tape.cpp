// The whole of automatic differentiation: results in one arena, gradients in a second, closures in
// a third, and a walk backwards.
#include "tape.h"

#include <cmath>

namespace temper {
Tensor Tape::input(Tensor outside) {
  if (outside.tape != nullptr) outside.tape->check(outside);
  if (outside.tape == nullptr && outside.grad != nullptr) parameters_.push_back(outside);
  if (outside.owner != nullptr)
    shared_.push_back({outside.owner->shared_from_this(), outside.owner->changes, steps_.size()});
  outside.tape = this;
  outside.step = step_;
  if (!training()) outside.grad = nullptr;
  return outside;
}

Tensor Tape::result(Shape shape, bool needs_grad, const char* op) {
  if (op != nullptr) op_ = op;
  const std::size_t bytes = shape.size() * sizeof(Real);
  Tensor y{.shape = shape, .step = step_, .tape = this};
  y.data = static_cast<Real*>(values_.allocate(bytes, op_));
  if (needs_grad && training()) y.grad = static_cast<Real*>(grads_.allocate(bytes, op_));
  return y;
}

void Tape::backward(Tensor loss) {
  require(loss.tape == this, "backward: the loss ", loss.shape, " is not on this tape");
  check(loss);
  require(training(), "backward: the tape only infers; make it with Tape::Mode::train");
  require(loss.size() == 1, "backward: the loss must be a scalar, it is ", loss.shape);
  require(loss.grad != nullptr, "backward: the loss depends on no parameter");
  if (!std::isfinite(loss.data[0])) {
    const auto finite = [](const Step& step) {
      return std::ranges::all_of(step.result.values(), [](Real x) { return std::isfinite(x); });
    };
    const auto bad = std::ranges::find_if_not(steps_, finite);
    const bool is_input = bad == steps_.end();
    const char* number = std::isnan(loss.data[0]) ? "nan" : loss.data[0] > 0 ? "inf" : "-inf";
    fail<NumericError>("backward: the loss is ", number, " in step ", step_, " of the tape; ",
                       is_input ? "an input" : bad->op, " ", (is_input ? loss : bad->result).shape,
                       " is the first that is not finite");
  }
  if (observer_) observer_("between forward and backward");
  grads_.zero();
  if (observer_) observer_("zero the gradients on the tape");
  loss.grad[0] += 1;                           // of a parameter: added, like every gradient
  const auto reached = [](const Step& step) {  // 0 times an infinite derivative would be NaN
    return std::ranges::any_of(step.result.gradients(), [](Real g) { return g != 0; });
  };
  for (std::size_t i = steps_.size(); i-- > 0;) {
    const Step& step = steps_[i];
    if (!reached(step)) continue;
    auto s = std::ranges::lower_bound(shared_, i, {}, &Shared::step);
    for (; s != shared_.end() && s->step == i; ++s)
      require(s->changes == s->owner->changes,
              "backward: an optimizer has changed a parameter that ", step.op, " ",
              step.result.shape, " was computed from: backward() comes before step()");
    step.run(step.closure);
    if (observer_) observer_(step.op + std::string(" backward"));
  }
}

void Tape::clear() {
  ++step_;
  steps_.clear();
  parameters_.clear();
  shared_.clear();
  values_.clear();
  grads_.clear();
  closures_.clear();
}

void Tape::check(const Tensor& t) const {
  require(t.tape != this || t.step == step_, "tensor ", t.shape,
          " is from a step the tape has cleared");
}

Tensor make_result(const char* op, Shape shape, std::span<Tensor* const> inputs) {
  Tape* tape = nullptr;
  bool needs_grad = false;
  for (const Tensor* x : inputs) {
    if (x == nullptr) continue;
    require(x->data != nullptr || x->size() == 0, op, ": an input ", x->shape, " has no numbers");
    needs_grad |= x->grad != nullptr;
    if (x->tape == nullptr) continue;
    require(tape == nullptr || tape == x->tape, op, ": the inputs are on two different tapes");
    tape = x->tape;
    tape->check(*x);
  }
  require(tape != nullptr, op, ": no input is on a tape; put one there with tape.input(x)");
  needs_grad &= tape->training();
  for (Tensor* x : inputs) {
    if (x == nullptr || (x->tape != nullptr && x->owner == nullptr)) continue;
    if (needs_grad && x->grad == nullptr && x->owner == nullptr) {
      const std::span<const Real> numbers = x->values();
      x->data = tape->result(x->shape, false, op).data;
      std::ranges::copy(numbers, x->data);
    }
    *x = tape->input(*x);
  }
  return tape->result(shape, needs_grad, op);
}

Real Tensor::item() const {
  if (tape != nullptr) tape->check(*this);
  require(size() == 1 && data != nullptr, "item: a tensor of one element is needed, this one is ",
          shape);
  return data[0];
}
}  // namespace temper
