#include "number.h"

#include <algorithm>

namespace temper::lab {
const std::vector<Number>& numbers() {
  using enum Family;
  static const std::string points = "points", errors = "points of error", nats = "nats",
                           eces = "points of ECE", aurocs = "points of AUROC";
  static const std::vector<Number> all = {
      // how often it is right
      {"accuracy", "accuracy", "points of accuracy", 100},
      {"best_accuracy", "accuracy of the epoch best on held-out data", "points of accuracy", 100},
      {"error", "test error", errors, 100},
      {"train_error", "training error", errors, 100, training},
      {"error_growth", "test error beyond training error", errors, 100},
      {"tail_recall", "recall of the three rarest classes", "points of recall", 100},
      // how far its probabilities are from the labels
      {"nll", "test loss (NLL)", nats, 1, training},
      {"nll_scaled", "test loss after temperature scaling", nats, 1, training},
      {"nll_vector_scaled", "test loss after vector scaling", nats, 1, training},
      {"train_nll", "training loss (NLL)", nats, 1, training},
      {"nll_growth", "test loss beyond training loss (NLL)", nats, 1, training},
      {"brier", "Brier score", "", 1, calibration},
      {"brier_reliability", "brier reliability", "", 1, calibration},
      {"brier_resolution", "brier resolution", "", 1, calibration},
      // how far its confidence is from its accuracy
      {"confidence", "confidence", points, 100, confidence},
      {"gap", "confidence beyond accuracy", points, 100, confidence},
      {"distance", "distance of confidence from accuracy", points, 100},
      {"ece", "calibration error (ECE)", eces, 100, calibration},
      {"ece_scaled", "calibration error after temperature scaling", eces, 100, calibration},
      {"ece_vector_scaled", "calibration error after vector scaling", eces, 100, calibration},
      {"ece_perfect", "ece perfect", eces, 100, calibration},
      {"ece_perfect_low", "ece perfect low", eces, 100, calibration},
      {"ece_perfect_high", "ece perfect high", eces, 100, calibration},
      {"adaptive_ece", "calibration error (bins of equal size)", eces, 100, calibration},
      {"classwise_ece", "calibration error by class", eces, 100, calibration},
      {"mce", "largest calibration error of a bin", points, 100, calibration},
      {"temperature", "temperature"},
      {"temperature_passes", "temperature passes"},
      // how well its confidence tells right from wrong, and known from strange images
      {"aurc", "area under the risk–coverage curve", "thousandths", 1000, ranking},
      {"excess_aurc", "that area beyond the least for as many errors", "thousandths", 1000,
       ranking},
      {"auroc_correct", "AUROC of telling right from wrong", aurocs, 100, ranking},
      {"risk_90", "error at 90 % coverage", errors, 100, ranking},
      {"ood_auroc_softmax", "AUROC of strange images, by confidence", aurocs, 100},
      {"ood_auroc_entropy", "AUROC of strange images, by entropy", aurocs, 100},
      {"ood_auroc_logit", "AUROC of strange images, by logit", aurocs, 100},
      {"ood_auroc_energy", "AUROC of strange images, by energy", aurocs, 100},
      {"ood_fpr95_softmax", "strange images accepted at 95 % of the known", points, 100},
      {"ood_fpr95_entropy", "ood fpr95 entropy", points, 100},
      {"ood_fpr95_logit", "ood fpr95 logit", points, 100},
      {"ood_fpr95_energy", "ood fpr95 energy", points, 100},
      // training
      {"epochs_to_goal", "epochs to the goal", "epochs", 1, training},
      {"gradient_noise", "standard deviation of the gradient between batches"},
      {"gradient_noise_relative", "that deviation, as a share of the norm"},
      {"gradient_norm", "norm of the gradient"},
      {"curvature", "largest eigenvalue of the Hessian"},
      {"left_out", "images left out", "images"},
      // features
      {"probe_error", "error of a probe on classes never seen", errors, 100, features},
      {"separation", "class separation", "", 1, features},
      // teachers and students
      {"teacher_error", "error of the teacher", errors, 100},
      {"student_error", "error of a taught student", errors, 100},
      {"teacher_student_error", "error of the hard teacher’s student", errors, 100},
      {"student_alone_error", "error of a student alone", errors, 100},
      {"smooth_teacher_error", "error of the smoothed teacher", errors, 100},
      {"smooth_teacher_student_error", "error of the smoothed teacher’s student", errors, 100},
      {"no_threes_error", "error of a student that saw no 3", errors, 100},
      {"no_threes_error_on_threes", "its error on 3s", errors, 100},
      {"no_threes_biased_error", "its error with a fitted bias", errors, 100},
      {"no_threes_biased_error_on_threes", "its error on 3s with a fitted bias", errors, 100},
  };
  return all;
}

Number find_number(const std::string& name) {
  const auto found = std::ranges::find(numbers(), name, &Number::name);
  if (found != numbers().end()) return *found;
  std::string title = name;
  std::ranges::replace(title, '_', ' ');
  return {name, title};
}
}  // namespace temper::lab
