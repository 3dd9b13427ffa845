// Teachers that differ in their targets alone, and what they teach where labels are right and where
// a fifth of them is wrong.
#include "../training/training.h"
#include "experiments.h"

namespace temper::lab {
namespace {
void train_noisy_teachers(const Run& run, const Arm& arm, Data& data, Result& result) {
  if (arm.wrong_labels > 0)
    data.train.labels =
        corrupt_labels(data.train.labels, symmetric_noise(10, arm.wrong_labels), run.seed + 2000);
  constexpr double temperature = 4;
  for (const double smoothing : {0.0, 0.1}) {
    const std::string name = smoothing > 0 ? "smooth_teacher" : "teacher";
    Classifier teacher({256}, run.seed + 1000), student({128}, run.seed);
    train(teacher, data.train, cross_entropy(smoothing), {.epochs = epochs_of(run, 8)},
          run.seed + 1000);
    train(student, taught(teacher, data.train, temperature), distillation(temperature),
          {.epochs = epochs_of(run, 8), .learning_rate = 0.05}, run.seed);
    result.numbers[name + "_error"] = error_on(teacher, data.test);
    result.numbers[name + "_student_error"] = error_on(student, data.test);
  }
}
}  // namespace

Experiment noisy_teachers_experiment() {
  const Arm clean = {.name = "right labels"}, noisy = {.name = "20 % wrong", .wrong_labels = 0.2};
  return {
      .studies = {{.name = "noisy-teachers",
                   .what = "Teachers 784-256-10, hard or smoothed by 0.1, on right labels or where "
                           "20 % are wrong; students 784-128-10, T = 4; 8 epochs each",
                   .arms = {clean, noisy},
                   .seconds = 17,
                   .train = train_noisy_teachers,
                   .family = Family::teachers}},
      .claims = {
          {.name = "noisy-teachers",
           .statement =
               "A network trained with label smoothing is a better teacher where labels are noisy.",
           .asked_by_us = true,
           .literature = "CIFAR-10 with 20 % wrong labels: the student of a smoothed teacher "
                         "reaches 86.95 %, a network without a teacher 80.44 (Lukasik 2020, as "
                         "others report it).",
           .prediction = "True here.",
           .treatment = {noisy, "smooth_teacher_student_error"},
           .reference = {noisy, "teacher_student_error"},
           .more_supports = false},
          {.name = "equal-teachers",
           .statement =
               "A network trained with label smoothing is a better teacher than one trained "
               "on hard targets, all else equal.",
           .asked_by_us = true,
           .literature = "Its student is worse (Müller 2019, whose hard teacher had dropout too).",
           .prediction = "Reversed.",
           .treatment = {clean, "smooth_teacher_student_error"},
           .reference = {clean, "teacher_student_error"},
           .more_supports = false},
      }};
}
}  // namespace temper::lab
