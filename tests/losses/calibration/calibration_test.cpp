// Calibration: values worked by hand, scikit-learn, and the figures of a model that is perfect.
#include "losses/calibration/calibration.h"

#include <algorithm>
#include <numeric>

#include "measures_reference.h"
#include "tests/check.h"

using namespace temper;

namespace {
// n rows of the same confidence.
Predictions sure_of(double confidence, int n) {
  Predictions p{.classes = 2, .labels = std::vector<int>(static_cast<std::size_t>(n))};
  for (int r = 0; r < n; ++r)
    p.logits.insert(p.logits.end(),
                    {static_cast<Real>(std::log(confidence / (1 - confidence))), 0});
  return p;
}

const auto near = [](double x) { return doctest::Approx(x).epsilon(is_double ? 1e-12 : 1e-6); };
}  // namespace

TEST_CASE("measures of calibration have the values worked by hand") {
  // confidences .9 right, .8 wrong, .7 right, .6 right
  const Predictions p = with_probabilities(2, {.9, .1, .2, .8, .7, .3, .4, .6}, {0, 0, 0, 1});
  CHECK(adaptive_ece(p, 1) == near(std::abs(3.0 - 3) / 4));
  CHECK(adaptive_ece(p, 2) == near((std::abs(1.7 - 1) + std::abs(1.3 - 2)) / 4));
  CHECK(adaptive_ece(p, 3) == near((std::abs(.9 - 1) + .8 + std::abs(1.3 - 2)) / 4));  // 1, 1, 2
  CHECK(adaptive_ece(p, 4) == near((.1 + .8 + .3 + .4) / 4));
  CHECK(adaptive_ece(p, 15) == near((.1 + .8 + .3 + .4) / 4));  // most bins are empty
  CHECK(maximum_calibration_error(p, 15, 1) == near(.8));
  CHECK(maximum_calibration_error(p, 2, 4) == near(0));
  // class 0: p .1 … .9 against t; with two bins {.2, .4} has one label in it, {.9, .7} two
  CHECK(classwise_ece(p, 2) == near((std::abs(.6 - 1) + std::abs(1.6 - 2)) / 4));

  const BrierParts parts = brier_decomposition(p, 2);  // twice what it is for one class
  CHECK(parts.uncertainty == near(2 * .75 * .25));
  CHECK(parts.resolution == near(2 * (.25 * .25 + .25 * .25) / 2));
  CHECK(parts.reliability == near(2 * (.2 * .2 + .2 * .2) / 2));
  // (p - p̄)² is .01 in all rows; (p - p̄)(t - t̄) is -.1 · .5 in both of the lower bin
  CHECK(parts.within == near(2 * (.01 + .1 / 2)));
  CHECK(parts.brier() == near(2 * (.01 + .64 + .09 + .16) / 4));
}

TEST_CASE("certain predictions: all right is perfect, all wrong as bad as can be") {
  Predictions p{.classes = 3, .logits = {9000, 0, 0, 0, 9000, 0, 0, 0, 9000}, .labels = {0, 1, 2}};
  CHECK(adaptive_ece(p) == 0);
  CHECK(classwise_ece(p) == 0);
  CHECK(maximum_calibration_error(p, 15, 3) == 0);
  CHECK(ece_of_perfect_model(p).high == 0);
  BrierParts parts = brier_decomposition(p);
  CHECK(parts.reliability == 0);
  CHECK(parts.resolution == near(parts.uncertainty));
  CHECK(parts.within == 0);
  p.labels = {1, 2, 0};
  CHECK(adaptive_ece(p) == 1);
  CHECK(classwise_ece(p) == near(2.0 / 3));
  CHECK(maximum_calibration_error(p, 15, 3) == 1);
  CHECK(ece_of_perfect_model(p).high == 0);  // does not look at the labels
  parts = brier_decomposition(p);
  CHECK(parts.brier() == near(2));
}

TEST_CASE("measures of calibration equal scikit-learn") {
  for (const MeasuresReference& r : measures_references()) {
    const Predictions p = r.predictions();
    const auto same = [&](const char* name, std::size_t i = 0) {
      return doctest::Approx(r.values.at(name)[i]).epsilon(1e-12);
    };
    CHECK(adaptive_ece(p) == same("adaptive_ece"));
    CHECK(classwise_ece(p) == same("classwise_ece"));
    CHECK(maximum_calibration_error(p) == same("maximum_calibration_error"));
    const BrierParts parts = brier_decomposition(p);
    CHECK(parts.reliability == same("brier_parts", 0));
    CHECK(parts.resolution == same("brier_parts", 1));
    CHECK(parts.uncertainty == same("brier_parts", 2));
    CHECK(parts.within == same("brier_parts", 3));
  }
}

TEST_CASE("the parts of the Brier score add up to it") {
  for (const double scale : {1e-3, 0.5, 3.0, 40.0}) {
    for (const int classes : {2, 10, 40}) {
      const Predictions p = made_up(11, 700, classes, scale);
      for (const int bins : {1, 15, 1000})
        CHECK(std::abs(brier_decomposition(p, bins).brier() - p.metrics().brier()) < 1e-12);
    }
  }
}

TEST_CASE("adaptive ECE does not depend on the order of rows, of equal confidence neither") {
  Predictions p = made_up(5, 200, 3);
  for (Real& z : p.logits) z = std::round(z);  // many equal confidences
  const double before = adaptive_ece(p, 7);
  Predictions turned{.classes = 3};
  for (std::size_t r = 200; r-- > 0;) {
    turned.logits.insert(turned.logits.end(), &p.logits[3 * r], &p.logits[3 * r] + 3);
    turned.labels.push_back(p.labels[r]);
  }
  CHECK(adaptive_ece(turned, 7) == doctest::Approx(before).epsilon(1e-12));

  Predictions even = sure_of(.75, 4);  // half right: in bins of two, both have one
  even.labels = {0, 0, 1, 1};
  CHECK(adaptive_ece(even, 2) == near(.25));
}

TEST_CASE("the ECE of a perfect model is that of binomial counts") {
  // |k - 900| / 1000 for k of scipy.stats.binom(1000, .9): its mean and quantiles
  const Band one = ece_of_perfect_model(sure_of(.9, 1000), 20000);
  CHECK(one.mean == doctest::Approx(0.007563).epsilon(0.02));
  CHECK(one.low == doctest::Approx(0).epsilon(1e-6));
  CHECK(one.high == near(0.021));
  // 98.5 % sure of 10,000: √(2 p (1 - p) / π n)
  const Band mnist = ece_of_perfect_model(sure_of(.985, 10000));
  CHECK(mnist.mean == doctest::Approx(0.00097).epsilon(0.1));
}

TEST_CASE("the ECE of a perfect model is what Metrics finds if labels come true as often as said") {
  Predictions p = made_up(8, 400, 4, 0.5);
  const Band band = ece_of_perfect_model(p, 4000);
  Rng rng(2);
  std::vector<double> found;
  for (int i = 0; i < 4000; ++i) {
    for (std::size_t r = 0; r < p.labels.size(); ++r) {
      const auto top = p.top(r);
      const bool right = rng.uniform() < 1 / (1 + top.rest);
      p.labels[r] = right ? top.prediction : (top.prediction + 1) % 4;
    }
    found.push_back(p.metrics().ece());
  }
  std::ranges::sort(found);
  CHECK(band.mean ==
        doctest::Approx(std::accumulate(found.begin(), found.end(), 0.0) / 4000).epsilon(0.02));
  CHECK(band.low == doctest::Approx(found[99]).epsilon(0.04));
  CHECK(band.high == doctest::Approx(found[3899]).epsilon(0.04));
  CHECK(band.low < band.mean);
  CHECK(band.mean < band.high);
}

TEST_CASE("the ECE of a perfect model belongs to its seed") {
  const Predictions p = made_up(8, 400, 4);
  const Band a = ece_of_perfect_model(p, 100, 1), b = ece_of_perfect_model(p, 100, 1);
  CHECK(a.mean == b.mean);
  CHECK(a.high == b.high);
  CHECK(a.mean != ece_of_perfect_model(p, 100, 2).mean);
  const Band single = ece_of_perfect_model(p, 1);
  CHECK(single.low == single.mean);
  CHECK(single.high == single.mean);
}

TEST_CASE("measures of calibration refuse what they cannot measure") {
  const Predictions none, p = made_up(1, 20, 3);
  CHECK_THROWS_WITH_AS(adaptive_ece(none), "adaptive_ece: there are no predictions", ShapeError);
  CHECK_THROWS_WITH_AS(classwise_ece(none), "classwise_ece: there are no predictions", ShapeError);
  CHECK_THROWS_WITH_AS(brier_decomposition(none), "brier_decomposition: there are no predictions",
                       ShapeError);
  CHECK_THROWS_WITH_AS(ece_of_perfect_model(none), "ece_of_perfect_model: there are no predictions",
                       ShapeError);
  CHECK_THROWS_WITH_AS(adaptive_ece(p, 0), "adaptive_ece: 0 bins, expected at least 1", ShapeError);
  CHECK_THROWS_WITH_AS(ece_of_perfect_model(p, 0),
                       "ece_of_perfect_model: 0 resamples, expected at least 1", ShapeError);
  CHECK_THROWS_WITH_AS(maximum_calibration_error(p, 15, 0),
                       "maximum_calibration_error: bins of 0 rows, expected at least 1",
                       ShapeError);
  CHECK_THROWS_WITH_AS(maximum_calibration_error(p, 15, 21),
                       "maximum_calibration_error: no bin has 21 rows", ShapeError);
}
