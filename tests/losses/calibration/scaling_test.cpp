// Scaling: the optimum of SciPy and PyTorch, in few passes, and never worse than before.
#include "losses/calibration/scaling.h"

#include "measures_reference.h"
#include "tests/check.h"

using namespace temper;

namespace {
double nll(const Predictions& p) { return p.metrics().nll(); }

// Scaled logits are rounded to Real again.
constexpr double rounding = is_double ? 1e-12 : 1e-6;

// Labels drawn from the softmax of normal logits of a standard deviation, a share of them replaced
// by any; the logits then times a scale, as of a model that is over- or under-confident.
Predictions drawn(int n, int classes, double sharpness, double noise, double scale) {
  Rng rng(77);
  Predictions p{.classes = classes};
  for (int r = 0; r < n; ++r) {
    for (int c = 0; c < classes; ++c)
      p.logits.push_back(static_cast<Real>(sharpness * rng.normal()));
    p.labels.push_back(0);
    const auto row = static_cast<std::size_t>(r);
    double left = rng.uniform();
    const std::vector<double> shares = p.probabilities(row);
    while (p.labels[row] + 1 < classes &&
           (left -= shares[static_cast<std::size_t>(p.labels[row])]) >= 0)
      ++p.labels[row];
    if (rng.uniform() < noise)
      p.labels[row] = static_cast<int>(rng.below(static_cast<std::uint64_t>(classes)));
  }
  for (Real& z : p.logits) z *= static_cast<Real>(scale);
  return p;
}
}  // namespace

TEST_CASE("scaling finds the optimum that SciPy and PyTorch find") {
  for (const MeasuresReference& r : measures_references()) {
    INFO("seed ", r.seed);
    const Predictions p = r.predictions();
    const auto classes = static_cast<std::size_t>(r.classes);
    CHECK(fit_temperature(p).temperature() ==
          doctest::Approx(r.values.at("temperature")[0]).epsilon(1e-10));
    for (const char* kind : {"bias", "vector"}) {
      INFO(kind);
      const std::vector<double>& expected = r.values.at(kind);
      const Scaling s = kind[0] == 'b' ? fit_bias(p) : fit_vector_scaling(p);
      for (std::size_t c = 0; c < classes; ++c) {
        CHECK(s.weights[c] == doctest::Approx(expected[c]).epsilon(1e-7));
        CHECK(std::abs(s.biases[c] - expected[classes + c]) < 1e-7);
      }
      CHECK(nll(scaled(p, s)) == doctest::Approx(expected.back()).epsilon(rounding));
      CHECK(s.passes <= 16);
    }
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

TEST_CASE("biases and vectors never make the fitted worse, whatever the data leave open") {
  std::vector<Predictions> all;
  for (const double scale : {0.01, 1.0, 30.0}) {
    all.push_back(drawn(500, 6, 2, 0.1, scale));
    all.push_back(drawn(500, 3, 8, 0, scale));
    all.push_back(drawn(20, 6, 4, 0, scale));  // fewer rows than numbers to find, almost
  }
  Predictions absent = drawn(300, 4, 1, 0, 1);
  for (int& label : absent.labels) label %= 3;
  all.push_back(absent);
  Predictions right = drawn(300, 4, 1, 0, 1);
  for (std::size_t r = 0; r < 300; ++r) right.labels[r] = right.top(r).prediction;
  all.push_back(right);
  all.push_back({.classes = 2, .logits = {0, 0, 0, 0}, .labels = {0, 0}});
  all.push_back({.classes = 1, .logits = {3, 4}, .labels = {0, 0}});
  for (const Predictions& p : all) {
    const double before = nll(p), of_temperature = nll(scaled(p, fit_temperature(p)));
    INFO(p.size(), " rows, ", p.classes, " classes, before ", before);
    const double slack = rounding * (1 + before);
    const Scaling bias = fit_bias(p), vector = fit_vector_scaling(p);
    CHECK(nll(scaled(p, bias)) <= before + slack);
    CHECK(nll(scaled(p, vector)) <= of_temperature + slack);
    CHECK(bias.passes <= 100);
    CHECK(vector.passes <= 100);
    for (const double w : vector.weights) CHECK(std::isfinite(w));
    CHECK(fit_vector_scaling(p).weights == vector.weights);
  }
}

TEST_CASE("scaling refuses what it cannot fit") {
  Predictions p = made_up(1, 20, 3);
  CHECK_THROWS_WITH_AS(fit_temperature(Predictions{}), "fit_temperature: there are no predictions",
                       ShapeError);
  CHECK_THROWS_WITH_AS(fit_bias(Predictions{}), "fit_bias: there are no predictions", ShapeError);
  CHECK_THROWS_WITH_AS(fit_vector_scaling(Predictions{}),
                       "fit_vector_scaling: there are no predictions", ShapeError);
  CHECK_THROWS_WITH_AS(fit_vector_scaling(p).temperature(),
                       "temperature: the weights of this scaling differ", ShapeError);
  CHECK_THROWS_WITH_AS(Scaling{}.temperature(), "temperature: the weights of this scaling differ",
                       ShapeError);
  CHECK_THROWS_WITH_AS(scaled(p, {{1, 1}, {0, 0}, 0}),
                       "scaled: 3 classes, but 2 weights and 2 biases", ShapeError);
  p.logits[4] = static_cast<Real>(-infinity);
  CHECK_THROWS_WITH_AS(fit_bias(p), "fit_bias: a logit is -inf, which no weight changes",
                       ShapeError);
}
