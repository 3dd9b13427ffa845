// The report is made of whatever results there are, and nothing in it comes from elsewhere.
#include "apps/lab/page/report.h"

#include <doctest/doctest.h>

#include <limits>

#include "apps/lab/page/html.h"
#include "apps/lab/page/verdict_text.h"
#include "apps/lab/pictures/calibration.h"
#include "apps/lab/pictures/learning.h"
#include "apps/lab/pictures/points.h"
#include "apps/lab/pictures/reliability.h"
#include "tests/datasets/files.h"

using namespace temper::lab;

namespace {
const std::vector<Study>& some_studies() {
  static const std::vector<Study> all = {{.name = "targets",
                                          .what = "a <network>",
                                          .datasets = {"mnist"},
                                          .arms = {hard(), smooth(0.1)},
                                          .seeds = 3,
                                          .quick_seeds = 1,
                                          .seconds = 1,
                                          .train = nullptr}};
  return all;
}

const std::vector<Claim>& some_claims() {
  static const std::vector<Claim> all = {{.name = "calibration",
                                          .statement = "Better & calibrated",
                                          .literature = "papers",
                                          .prediction = "worse",
                                          .study = "targets",
                                          .datasets = {"mnist"},
                                          .treatment = {smooth(0.1), "ece"},
                                          .reference = {hard(), "ece"},
                                          .more_supports = false},
                                         {.name = "landscape",
                                          .statement = "Smooth",
                                          .literature = "papers",
                                          .prediction = "no",
                                          .study = "nowhere",
                                          .datasets = {"mnist"},
                                          .treatment = {smooth(0.1), "curvature"},
                                          .reference = {hard(), "curvature"},
                                          .more_supports = false}};
  return all;
}

const std::vector<Arm>& odd_arms() {
  static const std::vector<Arm> all = {
      hard(), smooth(0.1), on_wrong_labels(hard(), 0.4), {.name = "inf \"`"}};
  return all;
}

// Series as all pictures need them, too short, too long or not numbers.
std::vector<Result> odd_results() {
  std::vector<Result> results;
  for (const Arm& arm : odd_arms()) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      Result result{{"targets", "mnist", arm.name, seed, false},
                    {{"ece", 0.01 * static_cast<double>(seed) + (arm == hard() ? 0 : 0.1)}},
                    {},
                    {{"version", "<1>"}, {"seconds", "7"}}};
      for (const char* name :
           {"bin_count", "bin_confidence", "bin_correct", "bin_perfect_low", "confident_correct",
            "confident_wrong", "risk_coverage", "projection_x", "projection_y", "projection_class",
            "test_nll", "train_loss", "entropy_floor"})
        result.series[name] = {0, 3, std::numeric_limits<double>::quiet_NaN(), 1};
      result.series["bin_perfect_high"] = {};
      results.push_back(result);
    }
  }
  return results;
}

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
  return n;
}
}  // namespace

TEST_CASE("verdicts are a table with a line for each claim and data set") {
  const std::string table = verdict_table(odd_results(), some_studies(), some_claims());
  CHECK(count(table, "\n") == 2 + 2);
  CHECK(table.find("**calibration** Better & calibrated") != std::string::npos);
  CHECK(table.find("| MNIST | +10.0") != std::string::npos);
}

TEST_CASE("a picture is a file of its own: nothing in it refers to a page") {
  const std::vector<Result> results = odd_results();
  Picture picture = calibration_bars({results, "targets", {"mnist"}, {hard(), smooth(0.1)}});
  REQUIRE(picture.panels.size() == 1);
  REQUIRE(picture.panels[0].numbers.rows.size() == 4);  // each as trained and with a temperature
  CHECK(picture.panels[0].numbers.rows[0][1] == "2");   // the mean of 1, 2 and 3 %
  if (picture.panels[0].svg.empty()) return;            // without gnuplot
  picture.panels.push_back(picture.panels[0]);
  const std::string file = picture_file(picture);
  CHECK(file.starts_with("<svg xmlns"));
  CHECK(count(file, "<svg") == count(file, "</svg>"));
  CHECK(count(file, ">MNIST</text>") == 2);
  CHECK(count(file, "xlink") == 0);
}

TEST_CASE("a page of no results has all claims, not measured") {
  const std::string page = report_page({}, some_studies(), some_claims());
  CHECK(count(page, "not measured</span>") == 4);  // in the table and in the sections
  CHECK(count(page, "<figure>") == 0);
}

TEST_CASE("text is escaped, and nothing is loaded from elsewhere") {
  const std::string page = report_page(odd_results(), some_studies(), some_claims());
  CHECK(page.find("Better &amp; calibrated") != std::string::npos);
  CHECK(page.find("a &lt;network&gt;") != std::string::npos);
  CHECK(page.find("&lt;1&gt;") != std::string::npos);
  CHECK(page.find("reversed") != std::string::npos);
  for (const char* foreign : {"http:", "https:", "<script", "<link", "@import", "url(", "src="})
    CHECK(page.find(foreign) == std::string::npos);
}

TEST_CASE("odd series and names break no picture") {
  const std::vector<Result> results = odd_results();
  const Selection from{results, "targets", {"mnist", "none"}, odd_arms()};
  using Make = Picture (*)(const Selection&);
  for (const Make make : std::initializer_list<Make>{
           reliability_diagrams, confidence_histograms, smoothing_sweep, learning_curves,
           accuracy_under_noise, risk_coverage, projections, teachers_and_students})
    for (const Panel& panel : make(from).panels) CHECK(!panel.caption.empty());
}

TEST_CASE("without gnuplot the page keeps its tables and says so") {
  const temper_test::TemporaryFolder empty;
  const temper_test::Variable path("PATH", empty.path().string());
  const std::string page = report_page(odd_results(), some_studies(), some_claims());
  CHECK(page.find("class='panel'") == std::string::npos);
  CHECK(page.find("gnuplot, which could not be run here") != std::string::npos);
  CHECK(page.find("The numbers of this picture") != std::string::npos);
}

TEST_CASE("pictures of wrong labels read the share and the method of an arm, not its name") {
  std::vector<Arm> arms;
  for (const double share : {0.4, 0.2})
    for (const Arm& arm : {hard(), smooth(0.1)}) arms.push_back(on_wrong_labels(arm, share));
  arms.push_back(on_wrong_labels(hard(), 0.4, true));
  std::vector<Result> results;
  for (Arm& arm : arms) {
    results.push_back({{"noise", "mnist", arm.name + "!", 1, false},
                       {{"accuracy", arm.wrong_labels}, {"error", 0.1}},
                       {},
                       {}});
    arm.name += "!";
  }
  const Selection from{results, "noise", {"mnist"}, arms};
  const Picture curves = accuracy_under_noise(from), bars = remedies_for_noise(from);
  REQUIRE(curves.panels.size() == 1);
  const Table& accuracy = curves.panels[0].numbers;  // alike is missing at 20 %: no curve
  CHECK(accuracy.columns == std::vector<std::string>{"wrong labels %", "hard, last", "± sd",
                                                     "smooth 0.1, last", "± sd"});
  CHECK(accuracy.rows == std::vector<std::vector<std::string>>{{"20", "20", "0", "20", "0"},
                                                               {"40", "40", "0", "40", "0"}});
  REQUIRE(bars.panels.size() == 1);
  REQUIRE(bars.panels[0].numbers.rows.size() == 3);
  CHECK(bars.panels[0].numbers.rows[2][0] == "alike hard");
}
