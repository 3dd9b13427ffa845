// How training went: loss by epoch, wrong labels, teachers and students.
#pragma once

#include "../statistics/summary.h"
#include "picture.h"

namespace temper::lab {
Picture learning_curves(const Selection& from);        // test_nll, train_loss, entropy_floor
Picture accuracy_under_noise(const Selection& from);   // accuracy, best_accuracy by wrong labels
Picture remedies_for_noise(const Selection& from);     // error, of arms with 40 % wrong labels
Picture teachers_and_students(const Selection& from);  // teacher_error, student_error …
}  // namespace temper::lab
