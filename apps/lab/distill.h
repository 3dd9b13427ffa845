// Teachers and students: soft targets that another network has made.
#pragma once

#include "training.h"

namespace temper::lab {
// The images of a data set with rows softmax(z / T) of a teacher's logits z as targets.
Dataset taught(Layer& teacher, const Dataset& data, double temperature);

// T² times the cross-entropy of the student's logits / T with those rows (Hinton et al. 2015).
Step distillation(double temperature);
}  // namespace temper::lab
