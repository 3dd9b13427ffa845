// Predictions: what is kept of a model's answers, and what is refused.
#include "losses/calibration/predictions.h"

#include "losses/calibration/calibration.h"
#include "losses/calibration/ranking.h"
#include "measures_reference.h"
#include "tests/check.h"

using namespace temper;

namespace {
struct TestBatch {
  Tensor inputs;
  std::span<const int> labels;
};
}  // namespace

TEST_CASE("predictions keep what evaluate() only counts, a large batch in parts") {
  struct Model {
    int largest = 0;
    Tensor forward(Tensor x) {
      CHECK_FALSE(x.tape->training());
      largest = std::max(largest, x.shape[0]);
      return x * 2;
    }
  } model;
  Rng rng(3);
  const Parameter a = random_parameter({300, 4}, rng), b = random_parameter({7, 4}, rng);
  std::vector<int> of_a(300, 1), of_b(7, 3);
  of_a[299] = 2;
  const std::vector<TestBatch> loader{{a.tensor(), of_a}, {b.tensor(), of_b}};
  const Predictions p = predict(model, loader);
  CHECK(model.largest == 128);
  CHECK(p.size() == 307);
  CHECK(p.classes == 4);
  CHECK(p.logits[0] == a.tensor().data[0] * 2);
  CHECK(p.logits.back() == b.tensor().data[27] * 2);
  CHECK(p.labels[299] == 2);
  CHECK(p.labels[306] == 3);
  CHECK(p.tensor().shape == Shape{307, 4});
  const Metrics m = evaluate(model, loader), same = p.metrics();
  CHECK(m.nll() == same.nll());
  CHECK(m.brier() == same.brier());
  CHECK(m.ece() == same.ece());
  CHECK(m.confusion() == same.confusion());
  CHECK(predict(model, std::vector<TestBatch>{}).size() == 0);
}

TEST_CASE("probabilities, confidences and what is correct have the values worked by hand") {
  Predictions p{.classes = 3, .logits = {0, 0, 0, 5000, 0, 5000, 1, 2, -1}, .labels = {0, 2, 1}};
  p.logits[8] = static_cast<Real>(-infinity);
  const double third = 1.0 / 3, e = std::exp(1);
  CHECK(p.probabilities(0) == std::vector{third, third, third});
  CHECK(p.probabilities(1) == std::vector{0.5, 0.0, 0.5});
  CHECK(p.probabilities(2)[0] == doctest::Approx(1 / (1 + e)).epsilon(1e-15));
  CHECK(p.probabilities(2)[2] == 0);
  const std::vector<double> confidences = p.confidences();
  CHECK(confidences[0] == third);
  CHECK(confidences[1] == 0.5);
  CHECK(confidences[2] == doctest::Approx(e / (1 + e)).epsilon(1e-15));
  CHECK(p.correct() == std::vector{true, false, true});  // the first of equal logits
  CHECK(p.top(0).prediction == 0);
  CHECK(p.top(1).max == 5000);
  CHECK(p.top(1).rest == 1);
  CHECK(p.metrics().accuracy() == 2.0 / 3);
}

TEST_CASE("metrics of predictions equal scikit-learn") {
  for (const MeasuresReference& r : measures_references()) {
    const Metrics m = r.predictions().metrics();
    const auto near = [&](const char* name) {
      return doctest::Approx(r.values.at(name)[0]).epsilon(1e-12);
    };
    CHECK(m.nll() == near("nll"));
    CHECK(m.ece() == near("ece"));
    CHECK(m.brier() == near("brier"));
  }
}

TEST_CASE("predictions that cannot be measured are refused") {
  Predictions p{.classes = 2, .logits = {0, 1, 2, 3}, .labels = {0, 1}};
  CHECK_NOTHROW(p.check("ece"));
  p.labels[1] = 2;
  CHECK_THROWS_WITH_AS(
      p.check("ece"), "ece: label[1] = 2 is not a class: logits have 2 classes (0..1)", ShapeError);
  p.labels[1] = 0;
  p.logits[3] = static_cast<Real>(not_a_number);
  CHECK_THROWS_WITH_AS(p.check("ece"),
                       "ece: row 1 of the logits has no softmax: it has NaN, inf, or only -inf",
                       ShapeError);
  p.logits.pop_back();
  CHECK_THROWS_WITH_AS(p.check("ece"), "ece: 3 logits, expected 2 rows of 2", ShapeError);
  CHECK_THROWS_WITH_AS(Predictions{}.check("ece"), "ece: there are no predictions", ShapeError);
  CHECK_THROWS_WITH_AS(Predictions{}.metrics(), "metrics: there are no predictions", ShapeError);

  struct Model {
    Tensor forward(Tensor x) { return x; }
  } model;
  const Parameter a({2, 3}), b({2, 4}), images({2, 1, 3, 3});
  const std::vector labels{0, 1};
  CHECK_THROWS_WITH_AS(
      predict(model, std::vector<TestBatch>{{a.tensor(), labels}, {b.tensor(), labels}}),
      "predict: logits must be [n, classes] or [n, classes, pixels…], as many classes each time, "
      "they are [2, 4]",
      ShapeError);
  CHECK_THROWS_WITH_AS(predict(model, std::vector<TestBatch>{{images.tensor(), labels}}),
                       "predict: 18 rows of logits but 2 labels", ShapeError);
  CHECK_THROWS_WITH_AS(predict(model, std::vector<TestBatch>{{a.tensor(), {}}}),
                       "predict: the loader's batches have no labels", ShapeError);
}

TEST_CASE("predict takes pixels, and leaves out what is ignored") {
  struct Model {
    Tensor forward(Tensor x) { return x; }
  } model;
  const Parameter z = parameter({2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  const std::vector labels{0, 255, 1, 1, 0, 255};
  const Predictions p = predict(model, std::vector<TestBatch>{{z.tensor(), labels}}, 255);
  CHECK(p.classes == 2);
  CHECK(p.labels == std::vector{0, 1, 1, 0});
  CHECK(p.logits == std::vector<Real>{1, 4, 3, 6, 7, 10, 8, 11});
  CHECK(p.row(2)[1] == 10);
  Metrics m({.ignore_index = 255});
  m.add(z, labels);
  CHECK(p.metrics().nll() == m.nll());
  CHECK(p.metrics(3).bins().size() == 3);
  CHECK_THROWS_WITH_AS(p.metrics(0), "metrics: 0 bins, expected at least 1", ShapeError);
}

TEST_CASE("predictions given as probabilities are measured as they are, also those of 0") {
  const double tolerance = is_double ? 1e-14 : 1e-7;
  const Predictions p = from_probabilities(
      {.classes = 3, .logits = {Real(.7), Real(.2), Real(.1), 0, 1, 0}, .labels = {0, 1}});
  CHECK(p.logits[3] == static_cast<Real>(-infinity));
  CHECK(p.probabilities(0)[0] == doctest::Approx(.7).epsilon(tolerance));
  CHECK(p.probabilities(0)[2] == doctest::Approx(.1).epsilon(tolerance));
  CHECK(p.probabilities(1) == std::vector{0.0, 1.0, 0.0});
  const Metrics m = p.metrics();
  CHECK(m.nll() == doctest::Approx(-std::log(.7) / 2).epsilon(10 * tolerance));
  CHECK(m.brier() == doctest::Approx((.09 + .04 + .01) / 2).epsilon(10 * tolerance));
  CHECK(m.mean_confidence() == doctest::Approx(.85).epsilon(tolerance));
  CHECK(negative_entropy(p)[1] == 0);
  CHECK(adaptive_ece(p, 1) == doctest::Approx(.15).epsilon(10 * tolerance));

  const auto give = [](std::vector<Real> row) {
    return from_probabilities({.classes = 2, .logits = std::move(row), .labels = {0}});
  };
  CHECK_THROWS_WITH_AS(give({Real(.5), Real(.25)}),
                       "from_probabilities: row 0 sums to 0.75, expected 1", ShapeError);
  CHECK_THROWS_WITH_AS(give({2, -1}),
                       "from_probabilities: row 0 has -1 for class 1, expected a probability",
                       ShapeError);
  CHECK_THROWS_AS(give({1, static_cast<Real>(not_a_number)}), ShapeError);
  CHECK_THROWS_WITH_AS(give({1}), "from_probabilities: 1 logits, expected 1 rows of 2", ShapeError);
  CHECK_THROWS_AS(from_probabilities({}), ShapeError);
}
