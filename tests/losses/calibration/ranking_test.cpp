// Ranking: scores, areas under curves and risks worked by hand and by scikit-learn.
#include "losses/calibration/ranking.h"

#include "measures_reference.h"
#include "tests/check.h"

using namespace temper;

namespace {
using Numbers = std::vector<double>;

Numbers scores(const std::string& name, const Predictions& p) {
  if (name == "max_softmax") return max_softmax(p);
  if (name == "negative_entropy") return negative_entropy(p);
  if (name == "max_logit") return max_logit(p);
  return energy(p);
}
}  // namespace

TEST_CASE("scores have the values worked by hand") {
  Predictions p{.classes = 2, .logits = {0, 0, 3000, 0, -50, -90, 1, 1}, .labels = {7, 7, 7, 7}};
  p.logits[7] = static_cast<Real>(-infinity);
  CHECK(max_softmax(p) == Numbers{0.5, 1, 1, 1});
  CHECK(max_logit(p) == Numbers{0, 3000, -50, 1});
  CHECK(energy(p)[0] == doctest::Approx(std::log(2)).epsilon(1e-15));
  CHECK(energy(p)[1] == 3000);
  CHECK(energy(p)[2] == -50);
  CHECK(energy(p)[3] == 1);
  const Numbers entropies = negative_entropy(p);
  CHECK(entropies[0] == doctest::Approx(-std::log(2)).epsilon(1e-15));
  CHECK(entropies[1] == 0);
  // where 1 - p is lost in p: p log p ≈ -e, (1 - p) log (1 - p) ≈ -40 e
  CHECK(entropies[2] == doctest::Approx(-41 * std::exp(-40)).epsilon(1e-12));
  CHECK(entropies[3] == 0);
}

TEST_CASE("areas and rates have the values worked by hand") {
  CHECK(auroc(Numbers{3, 4}, Numbers{1, 2}) == 1);
  CHECK(auroc(Numbers{1, 2}, Numbers{3, 4}) == 0);
  CHECK(auroc(Numbers{1}, Numbers{1}) == 0.5);
  CHECK(auroc(Numbers{1, 3, 3}, Numbers{3, 2}) == (0 + 0 + 2 * (.5 + 1)) / 6);
  CHECK(auroc(Numbers{infinity, 0}, Numbers{-infinity, infinity}) == (.5 + 1 + 0 + 1) / 4);

  Numbers positives;
  for (int i = 1; i <= 20; ++i) positives.push_back(i);
  const Numbers negatives{0, 1, 1.5, 2, 3};  // 19 of 20 are at 2 or above
  CHECK(false_positive_rate_at(positives, negatives) == 0.4);
  CHECK(false_positive_rate_at(positives, negatives, 0.951) == 0.8);
  CHECK(false_positive_rate_at(positives, negatives, 1) == 0.8);
  CHECK(false_positive_rate_at(positives, negatives, 0.05) == 0);
  CHECK(false_positive_rate_at(positives, negatives, 1e-9) == 0);
  CHECK(false_positive_rate_at(Numbers{1, 1, 1, 5}, Numbers{0, 1}, 0.5) == 0.5);
  for (int n = 1; n <= 300; ++n) {  // k / n is a share of k, whatever its rounding
    Numbers all(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) all[static_cast<std::size_t>(i)] = i + 1;
    for (int k = 1; k <= n; ++k) CHECK(risk_at(all, k / double(n)) == k);
  }
}

TEST_CASE("risk and coverage have the values worked by hand") {
  const Predictions p{.classes = 2, .logits = {1, 0, 1, 0, 1, 0, 1, 0}, .labels = {0, 1, 0, 1}};
  const Numbers curve = risk_coverage(p, Numbers{4, 2, 3, 1});  // right, right, wrong, wrong
  CHECK(curve == Numbers{0, 0, 1.0 / 3, 0.5});
  CHECK(aurc(curve) == (1.0 / 3 + 0.5) / 4);
  CHECK(risk_at(curve, 0.5) == 0);
  CHECK(risk_at(curve, 0.51) == 1.0 / 3);
  CHECK(risk_at(curve, 1) == 0.5);
  CHECK(auroc(p, Numbers{4, 2, 3, 1}) == 1);
  // the second and third are right and wrong in any order
  CHECK(risk_coverage(p, Numbers{4, 2, 2, 1}) == Numbers{0, 0.25, 1.0 / 3, 0.5});
  CHECK(risk_coverage(p, Numbers(4)) == Numbers{0.5, 0.5, 0.5, 0.5});
  CHECK(ordered_by(Numbers{1, 3, 1, 2}, Numbers{10, 20, 30, 40}) == Numbers{20, 40, 20, 20});
}

TEST_CASE("scores and what they rank equal scikit-learn and SciPy") {
  for (const MeasuresReference& r : measures_references()) {
    const Predictions p = r.predictions();
    const std::vector<bool> correct = p.correct();
    for (const std::string name : {"max_softmax", "negative_entropy", "max_logit", "energy"}) {
      INFO(name, ", seed ", r.seed);
      const Numbers found = scores(name, p), &first = r.values.at(name);
      for (std::size_t i = 0; i < first.size(); ++i)
        CHECK(found[i] == doctest::Approx(first[i]).epsilon(1e-12));
      Numbers right, wrong;
      for (std::size_t i = 0; i < found.size(); ++i)
        (correct[i] ? right : wrong).push_back(found[i]);
      const Numbers& ranks = r.values.at(name + " ranks");
      CHECK(auroc(right, wrong) == doctest::Approx(ranks[0]).epsilon(1e-12));
      CHECK(auroc(p, found) == auroc(right, wrong));
      CHECK(false_positive_rate_at(right, wrong) == doctest::Approx(ranks[1]).epsilon(1e-12));
      const Numbers &risks = r.values.at(name + " risks"), curve = risk_coverage(p, found);
      CHECK(aurc(curve) == doctest::Approx(risks[0]).epsilon(1e-12));
      CHECK(risk_at(curve, 0.8) == doctest::Approx(risks[1]).epsilon(1e-12));
      CHECK(curve.back() == doctest::Approx(1 - p.metrics().accuracy()).epsilon(1e-12));
    }
  }
}

TEST_CASE("ranking refuses what it cannot rank") {
  const Numbers one{1}, none, bad{not_a_number};
  const Predictions p = made_up(1, 2, 3);
  CHECK_THROWS_WITH_AS(auroc(one, none), "auroc: there are no scores", ShapeError);
  CHECK_THROWS_WITH_AS(auroc(bad, one), "auroc: a score is NaN", ShapeError);
  CHECK_THROWS_WITH_AS(false_positive_rate_at(none, one),
                       "false_positive_rate_at: there are no scores", ShapeError);
  CHECK_THROWS_WITH_AS(false_positive_rate_at(one, one, 0),
                       "false_positive_rate_at: a share of 0, expected one in (0, 1]", ShapeError);
  CHECK_THROWS_WITH_AS(risk_at(one, 1.5), "risk_at: a share of 1.5, expected one in (0, 1]",
                       ShapeError);
  CHECK_THROWS_WITH_AS(risk_at(one, not_a_number),
                       "risk_at: a share of nan, expected one in (0, 1]", ShapeError);
  CHECK_THROWS_WITH_AS(aurc(none), "aurc: there are no scores", ShapeError);
  CHECK_THROWS_WITH_AS(risk_coverage(p, one), "ordered_by: 1 scores but 2 values", ShapeError);
  CHECK_THROWS_WITH_AS(auroc(p, one), "auroc: 2 predictions but 1 scores", ShapeError);
  Predictions right = p;
  for (std::size_t r = 0; r < 2; ++r) right.labels[r] = right.top(r).prediction;
  CHECK_THROWS_WITH_AS(auroc(right, Numbers{1, 2}), "auroc: all predictions are right", ShapeError);
  CHECK_THROWS_WITH_AS(energy(Predictions{}), "energy: there are no predictions", ShapeError);
  CHECK_THROWS_WITH_AS(max_logit({.classes = 3, .logits = {1, 2}, .labels = {0}}),
                       "max_logit: 2 logits, expected 1 rows of 3", ShapeError);
}
