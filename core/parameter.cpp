#include "parameter.h"

#include <algorithm>
#include <utility>

#include "tape.h"

namespace temper {
Parameter::Parameter(Shape shape, bool learned)
    : numbers_(std::make_unique<Numbers>(shape, Buffer<Real>(shape.size()))) {
  if (learned) numbers_->grad = Buffer<Real>(shape.size());
}

NamedTensor::NamedTensor(std::string name, const Parameter& parameter)
    : name(std::move(name)), tensor(parameter.tensor()) {
  if (parameter.numbers_ == nullptr) return;
  tensor.grad = parameter.numbers_->grad.data();
  frozen = &parameter.numbers_->frozen;
}

void check_listed(const char* caller, const Tape& tape, const Parameters& listed) {
  for (const Tensor& used : tape.parameters())
    require(std::ranges::any_of(listed, [&](const auto& p) { return p.tensor.data == used.data; }),
            caller, ": forward() uses a parameter ", used.shape,
            " that parts() does not list: it is not trained and will not be saved");
}
}  // namespace temper
