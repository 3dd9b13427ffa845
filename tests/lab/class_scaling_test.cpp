// Scaling by class: the optimum of SciPy and PyTorch, in few passes, and never worse than before.
#include "apps/lab/training/class_scaling.h"

#include "tests/check.h"
#include "tests/losses/calibration/measures_reference.h"

using namespace temper;
using temper::lab::fit_bias;
using temper::lab::fit_vector_scaling;

namespace {
double nll(const Predictions& p) { return p.metrics().nll(); }

// Scaled logits are rounded to Real again.
constexpr double rounding = 1e-6;
}  // namespace

TEST_CASE("biases and vectors find the optimum that SciPy and PyTorch find") {
  for (const MeasuresReference& r : measures_references()) {
    INFO("seed ", r.seed);
    const Predictions p = r.predictions();
    const auto classes = static_cast<std::size_t>(r.classes);
    for (const auto& [name, s] :
         {std::pair("bias", fit_bias(p)), std::pair("vector", fit_vector_scaling(p))}) {
      const std::vector<double>& expected = r.values.at(name);
      for (std::size_t c = 0; c < classes; ++c) {
        CHECK(s.weights[c] == doctest::Approx(expected[c]).epsilon(1e-7));
        CHECK(std::abs(s.biases[c] - expected[classes + c]) < 1e-7);
      }
      CHECK(nll(scaled(p, s)) == doctest::Approx(expected.back()).epsilon(rounding));
      CHECK(s.passes <= 16);
    }
  }
}

TEST_CASE("biases have the values worked by hand, and a class not seen in training comes back") {
  // uniform logits, classes 3 to 1: the bias is half the log-odds
  const Predictions odds{.classes = 2, .logits = std::vector<Real>(8), .labels = {0, 1, 0, 0}};
  const Scaling even = fit_bias(odds);
  CHECK(even.biases[0] == doctest::Approx(std::log(3) / 2).epsilon(1e-7));
  CHECK(even.biases[1] == doctest::Approx(-std::log(3) / 2).epsilon(1e-7));
  CHECK(even.weights == std::vector{1.0, 1.0});

  Predictions p = drawn(3000, 5, 3, 0, 1);
  for (std::size_t r = 0; r < 3000; ++r) p.logits[5 * r + 3] -= 6;
  const Scaling s = fit_bias(p);
  const double others = (s.biases[0] + s.biases[1] + s.biases[2] + s.biases[4]) / 4;
  CHECK(s.biases[3] - others == doctest::Approx(6).epsilon(0.05));
  CHECK(s.passes <= 10);
  const auto predicted = [](const Predictions& q) {
    std::int64_t n = 0;
    for (const auto& row : q.metrics().confusion()) n += row[3];
    return static_cast<double>(n);
  };
  CHECK(predicted(p) < 200);
  CHECK(predicted(scaled(p, s)) == doctest::Approx(600).epsilon(0.15));
}

TEST_CASE("biases never make the fitted worse, whatever the data leave open") {
  for (const Predictions& p : hard_to_fit()) {
    const double before = nll(p);
    INFO(p.size(), " rows, ", p.classes, " classes, before ", before);
    const Scaling bias = fit_bias(p);
    CHECK(nll(scaled(p, bias)) <= before + rounding * (1 + before));
    CHECK(bias.passes <= 100);
    for (const double b : bias.biases) CHECK(std::isfinite(b));
  }
}

TEST_CASE("vectors never make the fitted worse, whatever the data leave open") {
  for (const Predictions& p : hard_to_fit()) {
    const double before = nll(p), of_temperature = nll(scaled(p, fit_temperature(p)));
    INFO(p.size(), " rows, ", p.classes, " classes, before ", before);
    const double slack = rounding * (1 + before);
    const Scaling vector = fit_vector_scaling(p);
    CHECK(nll(scaled(p, vector)) <= of_temperature + slack);
    CHECK(vector.passes <= 100);
    for (const double w : vector.weights) CHECK(std::isfinite(w));
    CHECK(fit_vector_scaling(p).weights == vector.weights);
  }
}

TEST_CASE("biases refuse what they cannot fit") {
  Predictions p = made_up(1, 20, 3);
  CHECK_THROWS_WITH_AS(fit_bias(Predictions{}), "fit_bias: there are no predictions", ShapeError);
  CHECK_THROWS_WITH_AS(fit_vector_scaling(Predictions{}),
                       "fit_vector_scaling: there are no predictions", ShapeError);
  CHECK_THROWS_WITH_AS(fit_vector_scaling(p).temperature(),
                       "temperature: the weights of this scaling differ", ShapeError);
  p.logits[4] = static_cast<Real>(-infinity);
  CHECK_THROWS_WITH_AS(fit_bias(p), "fit_bias: a logit is -inf, which no weight changes",
                       ShapeError);
  CHECK_THROWS_WITH_AS(fit_vector_scaling(p),
                       "fit_vector_scaling: a logit is -inf, which no weight changes", ShapeError);
}
