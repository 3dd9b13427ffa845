// Soft targets made by a teacher: what a student learns from them (Hinton et al. 2015), also about
// a digit that it never sees, and from a teacher that learned smoothed targets (Müller et al.
// 2019).
#include "../training/class_scaling.h"
#include "../training/training.h"
#include "experiments.h"

namespace temper::lab {
namespace {
constexpr double temperature = 20;

void train_distillation(const Run& run, const Arm&, Data& data, Result& result) {
  const std::vector<int> wide = {run.quick ? 400 : 1200, run.quick ? 400 : 1200},
                         narrow = {run.quick ? 100 : 800, run.quick ? 100 : 800};
  auto& numbers = result.numbers;
  const Training plain{.epochs = epochs_of(run, 10), .learning_rate = 0.05, .cosine = true};
  Training moved = plain;
  moved.epochs = epochs_of(run, 15);
  moved.augmentation.shift = 2;

  const auto student = [&](const Dataset& lessons, const Step& step) {
    Classifier model(narrow, run.seed);
    train(model, lessons, step, plain, run.seed);
    return model;
  };
  Classifier alone = student(data.train, cross_entropy());
  numbers["student_alone_error"] = error_on(alone, data.test);

  Classifier teacher(wide, run.seed + 1000, 0.5);
  train(teacher, data.train, cross_entropy(), moved, run.seed + 1000);
  numbers["teacher_error"] = error_on(teacher, data.test);
  const Step step = distillation(temperature);
  Classifier pupil = student(taught(teacher, data.train, temperature), step);
  numbers["student_error"] = error_on(pupil, data.test);

  Classifier smooth_teacher(wide, run.seed + 1000);
  train(smooth_teacher, data.train, cross_entropy(0.1), moved, run.seed + 1000);
  numbers["smooth_teacher_error"] = error_on(smooth_teacher, data.test);
  Classifier smooth_pupil = student(taught(smooth_teacher, data.train, temperature), step);
  numbers["smooth_teacher_student_error"] = error_on(smooth_pupil, data.test);

  const Dataset without_threes = select(data.train, [](int label) { return label != 3; });
  Classifier no_threes = student(taught(teacher, without_threes, temperature), step);
  const Predictions p = predict_all(no_threes, data.test);
  const Scaling bias = fit_bias(predict_all(no_threes, data.held_out));
  const auto errors = [&](const std::string& name, const Metrics& metrics) {
    numbers[name + "_error"] = 1 - metrics.accuracy();
    numbers[name + "_error_on_threes"] = 1 - recall(metrics, 3);
  };
  errors("no_threes", p.metrics());
  errors("no_threes_biased", scaled(p, bias).metrics());
}
}  // namespace

Experiment distillation_experiment() {
  const Arm arm = {.name = "teachers and students"};
  return {
      .studies = {{.name = "distillation",
                   .what =
                       "Teachers 784-1200-1200-10 on images shifted by up to 2 pixels, 15 epochs, "
                       "hard with dropout or smoothed by 0.1; students 784-800-800-10 on "
                       "the images as they are, 10 epochs, T = 20; SGD 0.05, cosine",
                   .datasets = {"mnist"},
                   .arms = {arm},
                   .seeds = 7,
                   .quick_seeds = 2,
                   .seconds = 572,
                   .train = train_distillation,
                   .family = Family::teachers}},
      .claims = {
          {.name = "distillation",
           .statement = "Soft targets carry more information than hard ones.",
           .asked_by_us = true,
           .literature = "800-unit student: 146 errors alone, 74 taught at T = 20 by a teacher "
                         "with 67 (Hinton 2015; here a bias for each class is fitted on held-out "
                         "images where the paper raised that of the digit never seen).",
           .prediction = "The taught student has clearly less error.",
           .treatment = {arm, "student_error"},
           .reference = {arm, "student_alone_error"},
           .more_supports = false,
           .published = {{{arm, "teacher_error"}, 0.67, "Hinton 2015"},
                         {{arm, "student_alone_error"}, 1.46, "Hinton 2015"},
                         {{arm, "student_error"}, 0.74, "Hinton 2015"},
                         {{arm, "no_threes_error"}, 2.06, "Hinton 2015"},
                         {{arm, "no_threes_biased_error"}, 1.09, "Hinton 2015"},
                         {{arm, "no_threes_biased_error_on_threes"}, 1.4, "Hinton 2015"}}},
          {.name = "teachers",
           .statement =
               "A network trained with label smoothing is a better teacher than one trained "
               "on hard targets with dropout.",
           .asked_by_us = true,
           .literature = "The teacher is better, its student worse: 0.59 and 0.91 % against 0.67 "
                         "and 0.74 % (Müller 2019).",
           .prediction = "Reversed: the student of the smoothed teacher has more error.",
           .treatment = {arm, "smooth_teacher_student_error"},
           .reference = {arm, "student_error"},
           .more_supports = false,
           .published = {{{arm, "teacher_error"}, 0.67, "Müller 2019"},
                         {{arm, "student_error"}, 0.74, "Müller 2019"},
                         {{arm, "smooth_teacher_error"}, 0.59, "Müller 2019"},
                         {{arm, "smooth_teacher_student_error"}, 0.91, "Müller 2019"}}},
      }};
}
}  // namespace temper::lab
