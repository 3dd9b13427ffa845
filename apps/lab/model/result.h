// Results: what single trainings found, and the file that holds them, a line of JSON each.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace temper::lab {
// Which training. Two results of the same run are the same training, done twice.
struct Run {
  std::string study, dataset, arm;  // the name of the arm
  std::uint64_t seed = 1;
  bool quick = false;  // fewer images and epochs: to see how it works, not to believe it

  auto operator<=>(const Run&) const = default;
};

// What one training found.
struct Result {
  Run run;
  std::map<std::string, double> numbers = {};              // "accuracy", "ece": see number.h
  std::map<std::string, std::vector<double>> series = {};  // "test_nll" by epoch
  // Where it comes from: command, seconds, digest of the data, version, BLAS.
  std::map<std::string, std::string> about = {};
};

// One line of JSON, and back. from_line throws std::runtime_error for what is no such line.
std::string to_line(const Result& result);
Result from_line(const std::string& line);

// All results of a file, of each run the last. A last line without its end (a sweep that was
// killed) is left out; so is what is no result. A missing file has none.
std::vector<Result> read_results(const std::string& path);

// Without the quick results of studies that have full ones.
std::vector<Result> best_results(std::vector<Result> results);
}  // namespace temper::lab
