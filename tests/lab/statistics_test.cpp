// Student's t against scipy, Holm's correction by hand, and the rule that judges.
#include "apps/lab/statistics/statistics.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

#include "apps/lab/statistics/verdict.h"

using namespace temper::lab;

namespace {
#include "statistics_reference.inc"

Result result(const std::string& dataset, const std::string& arm, std::uint64_t seed, double error,
              bool quick = false) {
  return {{"targets", dataset, arm, seed, quick}, {{"error", error}}, {}, {}};
}

Claim claim(bool more_supports) {
  return {.name = "generalization",
          .statement = "",
          .literature = "",
          .prediction = "",
          .study = "targets",
          .datasets = {"mnist", "fashion-mnist"},
          .treatment = {{"smooth"}, "error"},
          .reference = {{"hard"}, "error"},
          .more_supports = more_supports};
}

// The study of that claim, with so many seeds.
Study planned(int seeds) {
  return {.name = claim(true).study,
          .what = "",
          .datasets = {},
          .arms = {},
          .seeds = seeds,
          .quick_seeds = 1,
          .seconds = 1,
          .train = nullptr};
}

// Pairs whose differences are about the given one.
void add_pairs(std::vector<Result>& results, const std::string& dataset, double difference) {
  for (int seed = 1; seed <= 5; ++seed) {
    const double hard = 0.02 + 0.001 * seed;
    results.push_back(result(dataset, "hard", seed, hard));
    results.push_back(result(dataset, "smooth", seed, hard + difference + 1e-5 * (seed % 3)));
  }
}

void check_near(double value, double expected) {
  CHECK(value == doctest::Approx(expected).epsilon(1e-10));
}
}  // namespace

TEST_CASE("Student's t and its inverse are scipy's") {
  for (const auto& [t, freedom, share] : within)
    check_near(student_within(t, static_cast<int>(freedom)), share);
  for (const auto& [share, freedom, t] : bounds)
    check_near(student_bound(share, static_cast<int>(freedom)), t);
}

TEST_CASE("a paired comparison has scipy's interval and p value") {
  const Comparison c = compare_pairs(treatment, reference);
  CHECK(c.n == 7);
  const std::array values = {c.mean, c.deviation, c.low, c.high, c.p, c.visible};
  for (std::size_t i = 0; i < values.size(); ++i) check_near(values[i], paired[i]);
}

TEST_CASE("equal differences have a point for an interval and the sign test's p") {
  const std::vector<double> a = {0.983, 0.984, 0.985, 0.986}, b = {0.981, 0.982, 0.983, 0.984};
  const Comparison c = compare_pairs(a, b);
  CHECK(c.deviation == 0);
  check_near(c.low, 0.002);
  check_near(c.high, 0.002);
  CHECK(c.p == 0.125);
  CHECK(compare_pairs(a, a).p == 1);
}

TEST_CASE("fewer than two pairs have no interval") {
  const std::vector<double> a = {1}, b = {3};
  const Comparison c = compare_pairs(a, b);
  CHECK(c.n == 1);
  CHECK(c.mean == -2);
  CHECK(std::isnan(c.low));
  CHECK(std::isnan(c.p));
  CHECK(compare_pairs({}, {}).n == 0);
}

TEST_CASE("Holm's correction keeps the order and never decreases with p") {
  const std::vector<double> corrected = holm(std::vector{0.01, 0.04, 0.03, 0.005, 0.9});
  const std::vector<double> expected = {0.04, 0.09, 0.09, 0.025, 0.9};
  for (std::size_t i = 0; i < expected.size(); ++i) check_near(corrected[i], expected[i]);
  CHECK(holm({}).empty());
}

TEST_CASE("the verdict follows the sign that the claim says") {
  std::vector<Result> results;
  add_pairs(results, "mnist", 0.01);
  add_pairs(results, "fashion-mnist", 0.02);
  const Verdict more = judge(results, {claim(true)})[0], less = judge(results, {claim(false)})[0];
  CHECK(more.outcome == Outcome::supported);
  CHECK(less.outcome == Outcome::reversed);
  check_near(more.datasets[0].effect.mean, 1.0012);  // in points
  CHECK(more.datasets[0].seeds == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
}

TEST_CASE("data sets that differ are mixed, and without one there is no verdict") {
  std::vector<Result> results;
  add_pairs(results, "mnist", 0.01);
  const Verdict one = judge(results, {claim(true)})[0];
  CHECK(one.datasets[0].outcome == Outcome::supported);
  CHECK(one.outcome == Outcome::unfinished);
  add_pairs(results, "fashion-mnist", -0.01);
  CHECK(judge(results, {claim(true)})[0].outcome == Outcome::mixed);
  CHECK(judge({}, {claim(true)})[0].outcome == Outcome::not_measured);
}

TEST_CASE("a difference that is not significant is none, and one pair is one run only") {
  std::vector<Result> results;
  for (int seed = 1; seed <= 4; ++seed) {
    results.push_back(result("mnist", "hard", seed, 0.02));
    results.push_back(result("mnist", "smooth", seed, seed % 2 == 0 ? 0.021 : 0.0191));
  }
  results.push_back(result("fashion-mnist", "hard", 1, 0.1));
  results.push_back(result("fashion-mnist", "smooth", 1, 0.2));
  const Verdict verdict = judge(results, {claim(true)})[0];
  CHECK(verdict.datasets[0].outcome == Outcome::no_difference);
  CHECK(verdict.datasets[0].effect.visible > 0.1);
  CHECK(verdict.datasets[1].outcome == Outcome::one_run);
  CHECK(verdict.outcome == Outcome::unfinished);
}

TEST_CASE("before all planned seeds are there, there is no verdict") {
  std::vector<Result> results;
  add_pairs(results, "mnist", 0.01);
  add_pairs(results, "fashion-mnist", 0.01);
  Study study = planned(5);
  CHECK(judge(results, {claim(true)}, {study})[0].outcome == Outcome::supported);
  study.seeds = 6;
  CHECK(judge(results, {claim(true)}, {study})[0].outcome == Outcome::unfinished);
  results.push_back(result("mnist", "hard", 6, std::numeric_limits<double>::quiet_NaN()));
  results.push_back(result("mnist", "smooth", 6, 0.1));
  CHECK(judge(results, {claim(true)}, {study})[0].datasets[0].outcome == Outcome::unfinished);
}

TEST_CASE("seeds beyond the planned ones are not looked at") {
  std::vector<Result> results;
  add_pairs(results, "mnist", 0.01);
  const Judgement judgement = judge(results, {claim(true)}, {planned(3)})[0].datasets[0];
  CHECK(judgement.seeds == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE("a comparison that was not made still counts in the correction") {
  std::vector<Result> results;
  add_pairs(results, "mnist", 0.01);
  const Judgement one = judge(results, {claim(true)})[0].datasets[0];
  check_near(one.p, 2 * one.effect.p);  // Fashion-MNIST has no results
}

TEST_CASE("pairs without a finite number, and quick runs beside full ones, are left out") {
  std::vector<Result> results = {result("mnist", "hard", 9, 0.5, true),
                                 result("mnist", "smooth", 9, 0.9, true)};
  CHECK(judge(results, {claim(true)})[0].datasets[0].effect.n == 1);
  add_pairs(results, "mnist", 0.01);
  results.push_back(result("mnist", "hard", 6, std::numeric_limits<double>::quiet_NaN()));
  results.push_back(result("mnist", "smooth", 6, 0.1));
  const Judgement judgement = judge(results, {claim(true)})[0].datasets[0];
  CHECK(judgement.effect.n == 5);
  CHECK(judgement.left_out == 1);
}
