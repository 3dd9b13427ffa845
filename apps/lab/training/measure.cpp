#include "measure.h"

#include <algorithm>
#include <cmath>

#include "class_scaling.h"

namespace temper::lab {
namespace {
// Confidences in 20 equal bins, those of right and of wrong predictions.
void measure_histogram(const Predictions& p, Result& result) {
  std::vector<double> right(20), wrong(20);
  const std::vector<double> confidences = p.confidences();
  const std::vector<bool> correct = p.correct();
  for (std::size_t i = 0; i < confidences.size(); ++i) {
    const auto bin = std::min<std::size_t>(19, static_cast<std::size_t>(20 * confidences[i]));
    ++(correct[i] ? right : wrong)[bin];
  }
  result.series["confident_correct"] = right;
  result.series["confident_wrong"] = wrong;
}

// The bins of ECE, and where 95 % of their accuracies would lie if the confidences were true: the
// number of right answers of a bin would be a sum of independent draws, here taken as normal.
void measure_bins(const Predictions& p, const Metrics& metrics, Result& result) {
  std::vector<double> variance(metrics.bins().size());
  for (const double c : p.confidences()) variance[bin_of(c, variance.size())] += c * (1 - c);
  for (std::size_t b = 0; b < variance.size(); ++b) {
    const Metrics::Bin& bin = metrics.bins()[b];
    const auto n = static_cast<double>(bin.count);
    const double half = 1.96 * std::sqrt(variance[b]);
    result.series["bin_count"].push_back(n);
    result.series["bin_confidence"].push_back(bin.confidence);
    result.series["bin_correct"].push_back(static_cast<double>(bin.correct));
    // NaN where there are no images
    result.series["bin_perfect_low"].push_back(n == 0 ? NAN
                                                      : std::max(0.0, (bin.confidence - half) / n));
    result.series["bin_perfect_high"].push_back(
        n == 0 ? NAN : std::min(1.0, (bin.confidence + half) / n));
  }
}

// The AURC of a model that makes so many errors and ranks them perfectly (Geifman 2019).
double least_aurc(double error) { return error + (1 - error) * std::log1p(-error); }
}  // namespace

void measure(Layer& model, const Data& data, Result& result) {
  const Predictions p = predict_all(model, data.test);
  const Predictions held_out = predict_all(model, data.held_out);
  const Scaling scaling = fit_temperature(held_out);
  const Metrics plain = p.metrics(), calibrated = scaled(p, scaling).metrics(),
                by_class = scaled(p, fit_vector_scaling(held_out)).metrics();
  const Band perfect = ece_of_perfect_model(p);
  const std::vector<double> scores = max_softmax(p), curve = risk_coverage(p, scores);
  const BrierParts brier = brier_decomposition(p);
  result.numbers.merge(std::map<std::string, double>{
      {"accuracy", plain.accuracy()},
      {"error", 1 - plain.accuracy()},
      {"nll", plain.nll()},
      {"brier", plain.brier()},
      {"brier_reliability", brier.reliability},
      {"brier_resolution", brier.resolution},
      {"confidence", plain.mean_confidence()},
      {"gap", plain.overconfidence()},
      {"distance", std::abs(plain.overconfidence())},
      {"ece", plain.ece()},
      {"ece_scaled", calibrated.ece()},
      {"nll_scaled", calibrated.nll()},
      {"ece_vector_scaled", by_class.ece()},
      {"nll_vector_scaled", by_class.nll()},
      {"temperature", scaling.temperature()},
      {"temperature_passes", scaling.passes},
      {"adaptive_ece", adaptive_ece(p)},
      {"classwise_ece", classwise_ece(p)},
      {"mce", maximum_calibration_error(p)},
      {"ece_perfect", perfect.mean},
      {"ece_perfect_low", perfect.low},
      {"ece_perfect_high", perfect.high},
      {"aurc", aurc(curve)},
      {"excess_aurc", aurc(curve) - least_aurc(1 - plain.accuracy())},
      {"auroc_correct", auroc(p, scores)},
      {"risk_90", risk_at(curve, 0.9)},
  });
  for (int k = 1; k <= 50; ++k) result.series["risk_coverage"].push_back(risk_at(curve, k / 50.0));
  measure_bins(p, plain, result);
  measure_histogram(p, result);
}

void measure_unknown(Layer& model, const Data& data, const Run& run, Result& result) {
  Run other = run;
  other.dataset = run.dataset == "mnist" ? "fashion-mnist" : "mnist";
  const Predictions known = predict_all(model, data.test),
                    unknown = predict_all(model, load(other).test);
  const auto add = [&](const std::string& name, std::vector<double> (*score)(const Predictions&)) {
    const std::vector<double> in = score(known), out = score(unknown);
    result.numbers["ood_auroc_" + name] = auroc(in, out);
    result.numbers["ood_fpr95_" + name] = false_positive_rate_at(in, out);
  };
  add("softmax", max_softmax);
  add("entropy", negative_entropy);
  add("logit", max_logit);
  add("energy", energy);
}

Curves::Curves(Layer& model, const Data& data, Result& result)
    : model_(model),
      data_(data),
      result_(result),
      seen_(subset(data.train, range(0, std::min(5000, data.train.size())))) {}

Step Curves::watch(Step step) {
  return [this, step = std::move(step)](Layer& model, Tensor inputs, const Batch& batch) {
    const Tensor loss = step(model, inputs, batch);
    loss_ += double{loss.item()};
    ++steps_;
    return loss;
  };
}

void Curves::after_epoch() {
  const Metrics test = predict_all(model_, data_.test).metrics(),
                train = predict_all(model_, seen_).metrics(),
                held_out = predict_all(model_, data_.held_out).metrics();
  auto& series = result_.series;
  series["test_error"].push_back(1 - test.accuracy());
  series["held_out_error"].push_back(1 - held_out.accuracy());
  series["test_nll"].push_back(test.nll());
  series["test_ece"].push_back(test.ece());
  series["train_error"].push_back(1 - train.accuracy());
  series["train_nll"].push_back(train.nll());
  series["train_loss"].push_back(loss_ / std::max(steps_, 1));
  loss_ = steps_ = 0;
  auto& numbers = result_.numbers;
  numbers["train_error"] = series["train_error"].back();
  numbers["train_nll"] = series["train_nll"].back();
  numbers["nll_growth"] = test.nll() - train.nll();
  numbers["error_growth"] = train.accuracy() - test.accuracy();
  // of the epoch with the least error on held-out images: early stopping does not see the test
  const auto& errors = series["held_out_error"];
  const auto best = std::ranges::min_element(errors) - errors.begin();
  numbers["best_accuracy"] = 1 - series["test_error"][static_cast<std::size_t>(best)];
}
}  // namespace temper::lab
