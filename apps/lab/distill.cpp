#include "distill.h"

namespace temper::lab {
Dataset taught(Layer& teacher, const Dataset& data, double temperature) {
  const Predictions p = predict_all(teacher, data);
  Tape tape(Tape::Mode::infer);
  const Tensor rows = softmax(tape.input(p.tensor()) / temperature);
  Dataset soft = data;
  soft.labels.clear();
  soft.targets.assign(rows.values().begin(), rows.values().end());
  return soft;
}

Step distillation(double temperature) {
  return [=](Layer& student, Tensor inputs, const Batch& batch) {
    return softmax_cross_entropy(student.forward(inputs) / temperature, batch.targets) *
           (temperature * temperature);
  };
}
}  // namespace temper::lab
