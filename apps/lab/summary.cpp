#include "summary.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace temper::lab {

Spread spread(const std::vector<double>& values) {
  Spread result;
  double sum = 0, squares = 0;
  for (const double x : values)
    if (std::isfinite(x)) ++result.n, sum += x;
  result.mean = result.n > 0 ? sum / result.n : std::numeric_limits<double>::quiet_NaN();
  for (const double x : values)
    if (std::isfinite(x)) squares += (x - result.mean) * (x - result.mean);
  result.deviation = result.n > 1 ? std::sqrt(squares / (result.n - 1)) : 0;
  return result;
}

std::vector<const Result*> results_of(const std::vector<Result>& results, const std::string& study,
                                      const std::string& dataset, const std::string& arm) {
  std::vector<const Result*> found;
  for (const Result& result : results)
    if (result.run.study == study && result.run.dataset == dataset && result.run.arm == arm)
      found.push_back(&result);
  return found;
}

Spread number_of(const std::vector<const Result*>& results, const std::string& name) {
  std::vector<double> values;
  for (const Result* result : results)
    if (const auto found = result->numbers.find(name); found != result->numbers.end())
      values.push_back(found->second);
  return spread(values);
}

std::vector<Spread> series_of(const std::vector<const Result*>& results, const std::string& name) {
  std::vector<const std::vector<double>*> all;
  std::size_t length = 0;
  for (const Result* result : results) {
    const auto found = result->series.find(name);
    if (found == result->series.end()) continue;
    length = all.empty() ? found->second.size() : std::min(length, found->second.size());
    all.push_back(&found->second);
  }
  std::vector<Spread> spreads(length);
  for (std::size_t i = 0; i < length; ++i) {
    std::vector<double> values(all.size());
    for (std::size_t run = 0; run < all.size(); ++run) values[run] = (*all[run])[i];
    spreads[i] = spread(values);
  }
  return spreads;
}

std::string dataset_title(const std::string& name) {
  return name == "mnist" ? "MNIST" : name == "fashion-mnist" ? "Fashion-MNIST" : name;
}

std::string number_title(const std::string& name) {
  static const std::map<std::string, std::string> titles = {
      {"accuracy", "accuracy"},
      {"error", "test error"},
      {"nll", "test loss (NLL)"},
      {"brier", "Brier score"},
      {"gap", "confidence beyond accuracy"},
      {"distance", "distance of confidence from accuracy"},
      {"error_growth", "test error beyond training error"},
      {"ece_vector_scaled", "calibration error after vector scaling"},
      {"nll_vector_scaled", "test loss after vector scaling"},
      {"ece", "calibration error (ECE)"},
      {"ece_scaled", "calibration error after temperature scaling"},
      {"nll_scaled", "test loss after temperature scaling"},
      {"adaptive_ece", "calibration error (bins of equal size)"},
      {"classwise_ece", "calibration error by class"},
      {"mce", "largest calibration error of a bin"},
      {"aurc", "area under the risk–coverage curve"},
      {"excess_aurc", "that area beyond the least for as many errors"},
      {"auroc_correct", "AUROC of telling right from wrong"},
      {"risk_90", "error at 90 % coverage"},
      {"ood_auroc_softmax", "AUROC of strange images, by confidence"},
      {"ood_auroc_entropy", "AUROC of strange images, by entropy"},
      {"ood_auroc_logit", "AUROC of strange images, by logit"},
      {"ood_auroc_energy", "AUROC of strange images, by energy"},
      {"ood_fpr95_softmax", "strange images accepted at 95 % of the known"},
      {"train_nll", "training loss (NLL)"},
      {"train_error", "training error"},
      {"nll_growth", "test loss beyond training loss (NLL)"},
      {"epochs_to_goal", "epochs to the goal"},
      {"gradient_noise", "standard deviation of the gradient between batches"},
      {"gradient_noise_relative", "that deviation, as a share of the norm"},
      {"gradient_norm", "norm of the gradient"},
      {"curvature", "largest eigenvalue of the Hessian"},
      {"probe_error", "error of a probe on classes never seen"},
      {"tail_recall", "recall of the three rarest classes"},
      {"left_out", "images left out"},
      {"teacher_error", "error of the teacher"},
      {"student_error", "error of a taught student"},
      {"teacher_student_error", "error of the hard teacher’s student"},
      {"student_alone_error", "error of a student alone"},
      {"smooth_teacher_error", "error of the smoothed teacher"},
      {"smooth_teacher_student_error", "error of the smoothed teacher’s student"},
      {"no_threes_error", "error of a student that saw no 3"},
      {"no_threes_error_on_threes", "its error on 3s"},
      {"no_threes_biased_error", "its error with a fitted bias"},
      {"no_threes_biased_error_on_threes", "its error on 3s with a fitted bias"},
      {"separation", "class separation"},
      {"best_accuracy", "accuracy of the epoch best on held-out data"},
  };
  if (const auto found = titles.find(name); found != titles.end()) return found->second;
  std::string title = name;
  std::ranges::replace(title, '_', ' ');
  return title;
}

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value)) return "–";
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value));
  const bool zero = std::string(text).find_first_not_of("0.") == std::string::npos;
  return (value < 0 && !zero ? "−" : "") + std::string(text);
}

std::string plain(double value) {
  if (!std::isfinite(value)) return "?";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

int decimals_for(double uncertainty) {
  if (!(uncertainty > 0) || !std::isfinite(uncertainty)) return 2;
  return std::clamp(-static_cast<int>(std::floor(std::log10(uncertainty / 3))), 0, 6);
}
}  // namespace temper::lab
