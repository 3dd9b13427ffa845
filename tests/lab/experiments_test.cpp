// What the experiments say of themselves fits together: arms, numbers and data sets have one name.
#include "apps/lab/experiments/experiments.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

using namespace temper::lab;

TEST_CASE("the names of arms are those of the files of results") {
  CHECK(hard().name == "hard");
  CHECK(smooth(0.1).name == "smooth 0.1");
  CHECK(smooth(0).name == "smooth 0");
  CHECK(on_wrong_labels(smooth(0.1), 0.4).name == "0.4 smooth 0.1");
  const Arm alike = on_wrong_labels(hard(), 0.4, true);
  CHECK(alike.name == "0.4 alike hard");
  CHECK(alike.method == "alike hard");
  CHECK(alike.wrong_labels == 0.4);
  CHECK(alike.look_alikes);
  CHECK(find_arm(find_study("noise-shares"), "0.6 forward").wrong_labels == 0.6);
  CHECK(find_arm(find_study("noise-shares"), "0.4 mixup").remedy == Remedy::mixup);
  CHECK_THROWS_WITH_AS(find_arm(find_study("sweep"), "hard"),
                       "lab: the study sweep has no arm \"hard\"", std::invalid_argument);
}

TEST_CASE("no two studies, claims, numbers, or arms of a study share a name") {
  const auto different = [](const auto& all, auto name) {
    std::set<std::string> names;
    for (const auto& one : all) names.insert(one.*name);
    return names.size() == all.size();
  };
  CHECK(different(studies(), &Study::name));
  CHECK(different(claims(), &Claim::name));
  CHECK(different(numbers(), &Number::name));
  for (const Study& study : studies()) CHECK(different(study.arms, &Arm::name));
}

TEST_CASE("a claim compares arms of its study, on its data sets, by a number of the table") {
  for (const Claim& claim : claims()) {
    INFO(claim.name);
    const Study& study = find_study(claim.study);
    std::vector<Measure> measures = {claim.treatment, claim.reference};
    for (const Published& published : claim.published) measures.push_back(published.measure);
    for (const Measure& measure : measures) {
      const auto& arm = measure.arm;
      const auto& number = measure.number;
      INFO(arm.name, ", ", number);
      CHECK(std::ranges::count(study.arms, arm) == 1);
      CHECK(std::ranges::count(numbers(), number, &Number::name) == 1);
      CHECK(find_number(number).scale == claim.number().scale);
    }
    for (const Measure& compared : {claim.treatment, claim.reference})
      CHECK(compared.arm.most_seeds == 0);  // all of them decide
    CHECK(!claim.datasets.empty());
    for (const std::string& dataset : claim.datasets)
      CHECK(std::ranges::count(study.datasets, dataset) == 1);
    for (const std::string& other : claim.also) CHECK_NOTHROW(find_study(other));
  }
}

TEST_CASE("a number that the table lacks is titled by its name") {
  CHECK(find_number("ece").unit == "points of ECE");
  CHECK(find_number("half_done").title == "half done");
  CHECK(find_number("half_done").unit.empty());
}
