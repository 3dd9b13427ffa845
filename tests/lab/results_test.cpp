// Result lines: there and back, and files that a killed sweep leaves behind.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "apps/lab/model/result.h"
#include "tests/datasets/files.h"

using namespace temper::lab;

namespace {
Result example(std::uint64_t seed, double accuracy = 0.98) {
  return {{"targets", "mnist", "smooth 0.1", seed, false},
          {{"accuracy", accuracy}, {"ece", 0.1}},
          {{"test_nll", {0.5, 1.0 / 3}}},
          {{"command", "lab train \"a\"\n"}, {"blas", "é"}}};
}

// What read_results makes of a file with this text.
std::vector<Result> read(const std::string& text) {
  const temper_test::TemporaryFolder folder;
  std::ofstream(folder / "results.jsonl") << text;
  return read_results(folder / "results.jsonl");
}
}  // namespace

TEST_CASE("a result survives its line, to the last bit") {
  const Result before = example(std::numeric_limits<std::uint64_t>::max());
  const std::string line = to_line(before);
  CHECK(line.find('\n') == std::string::npos);
  const Result after = from_line(line);
  CHECK(after.run == before.run);
  CHECK(after.numbers == before.numbers);
  CHECK(after.series == before.series);
  CHECK(after.about == before.about);
}

TEST_CASE("a number that is not finite comes back as NaN, and broken text is kept readable") {
  Result result = example(1, std::numeric_limits<double>::infinity());
  result.about = {{"command", "\xff"}};
  const Result after = from_line(to_line(result));
  CHECK(std::isnan(after.numbers.at("accuracy")));
}

TEST_CASE("what is no result is refused in one sentence") {
  for (const char* bad : {"", "5", "{}", "[1]", "{\"study\": 1}", "{\"study\": \"targets\""})
    CHECK_THROWS_AS(from_line(bad), std::runtime_error);
}

TEST_CASE("torn and foreign lines are left out, and the last of equals counts") {
  const std::string one = to_line(example(1, 0.1)), two = to_line(example(2));
  CHECK(read(one + "\n" + two + "\n").size() == 2);
  CHECK(read(one + "\n" + two).size() == 1);  // its newline was never written
  CHECK(read(one + "\n" + two.substr(0, 20)).size() == 1);
  CHECK(read("garbage\n\n" + two.substr(0, 20) + one + "\n" + two + "\n").size() == 1);
  const std::vector<Result> results = read(one + "\n" + to_line(example(1, 0.9)) + "\n");
  REQUIRE(results.size() == 1);
  CHECK(results[0].numbers.at("accuracy") == 0.9);  // a study that changed is run again
}

TEST_CASE("a missing or empty file has no results") {
  CHECK(read_results("/nowhere/results.jsonl").empty());
  CHECK(read("").empty());
}
