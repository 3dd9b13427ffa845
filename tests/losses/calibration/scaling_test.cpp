// Scaling: the optimum of SciPy and PyTorch, in few passes, and never worse than before.
#include "losses/calibration/scaling.h"

#include "measures_reference.h"
#include "tests/check.h"

using namespace temper;

namespace {
double nll(const Predictions& p) { return p.metrics().nll(); }

// Scaled logits are rounded to Real again.
constexpr double rounding = is_double ? 1e-12 : 1e-6;
}  // namespace

TEST_CASE("scaling finds the optimum that SciPy and PyTorch find") {
  for (const MeasuresReference& r : measures_references()) {
    INFO("seed ", r.seed);
    const Predictions p = r.predictions();
    CHECK(fit_temperature(p).temperature() ==
          doctest::Approx(r.values.at("temperature")[0]).epsilon(1e-10));
  }
}

TEST_CASE("temperature has the value worked by hand") {
  // logits 3 against 0, three of four right: the log-odds should be log 3
  const Predictions p{.classes = 2, .logits = {3, 0, 3, 0, 0, 3, 3, 0}, .labels = {0, 0, 1, 1}};
  const Scaling s = fit_temperature(p);
  CHECK(s.temperature() == doctest::Approx(3 / std::log(3)).epsilon(1e-12));
  CHECK(s.biases == std::vector{0.0, 0.0});
  CHECK(s.passes <= 5);
  CHECK(nll(scaled(p, s)) ==
        doctest::Approx(-(3 * std::log(.75) + std::log(.25)) / 4).epsilon(rounding));
}

TEST_CASE("temperature needs ten passes at most, and never makes the fitted worse") {
  for (const int n : {50, 3000})
    for (const int classes : {2, 3, 10, 100})
      for (const double sharpness : {0.1, 1.0, 4.0, 16.0})
        for (const double noise : {0.0, 0.1, 0.6})
          for (const double scale : {1e-4, 0.3, 1.0, 3.0, 1e4}) {
            if (n * classes > 30000) continue;
            INFO(n, " rows, ", classes, " classes, sharpness ", sharpness, ", noise ", noise,
                 ", scale ", scale);
            const Predictions p = drawn(n, classes, sharpness, noise, scale);
            const Scaling s = fit_temperature(p);
            CHECK(s.passes <= 10);
            CHECK(std::isfinite(s.temperature()));
            const double before = nll(p);
            CHECK(nll(scaled(p, s)) <= before + rounding * (1 + before));
          }
}

TEST_CASE("an over-confident model gets a temperature above 1, an over-smoothed one below") {
  const double sharp = fit_temperature(drawn(3000, 10, 3, 0, 2)).temperature();
  const double smooth = fit_temperature(drawn(3000, 10, 3, 0, 0.25)).temperature();
  CHECK(sharp == doctest::Approx(2).epsilon(0.1));
  CHECK(smooth == doctest::Approx(0.25).epsilon(0.1));
  CHECK(sharp / smooth == doctest::Approx(8).epsilon(1e-6));
}

TEST_CASE("temperature has bounds where the data have none") {
  const double spread = std::sqrt(2.0) / 3;  // of 1, 0, 0
  Predictions p{.classes = 3, .logits = {1, 0, 0, 0, 1, 0}, .labels = {0, 1}};
  CHECK(fit_temperature(p).temperature() == doctest::Approx(spread / 1000).epsilon(1e-9));
  CHECK(nll(scaled(p, fit_temperature(p))) == 0);
  p.labels = {1, 0};  // worse than chance
  CHECK(fit_temperature(p).temperature() == doctest::Approx(1000 * spread).epsilon(1e-9));
  p.logits = {2, 2, 2, -1, -1, -1};  // any temperature is as good
  CHECK(fit_temperature(p).temperature() == 1);
  p = {.classes = 2, .logits = {4e6, 0}, .labels = {0}};  // as it is cannot be beaten
  CHECK(fit_temperature(p).temperature() == 1);
}

TEST_CASE("scaling refuses what it cannot fit") {
  Predictions p = made_up(1, 20, 3);
  CHECK_THROWS_WITH_AS(fit_temperature(Predictions{}), "fit_temperature: there are no predictions",
                       ShapeError);
  CHECK_THROWS_WITH_AS(Scaling({.weights = {1, 2}, .biases = {0, 0}}).temperature(),
                       "temperature: the weights of this scaling differ", ShapeError);
  CHECK_THROWS_WITH_AS(Scaling{}.temperature(), "temperature: the weights of this scaling differ",
                       ShapeError);
  CHECK_THROWS_WITH_AS(scaled(p, {{1, 1}, {0, 0}, 0}),
                       "scaled: 3 classes, but 2 weights and 2 biases", ShapeError);
  p.logits[4] = static_cast<Real>(-infinity);
  CHECK_THROWS_WITH_AS(fit_temperature(p),
                       "fit_temperature: a logit is -inf, which no weight changes", ShapeError);
}
