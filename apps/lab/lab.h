// The target lab: studies train networks, claims are judged by what the studies measured.
//
//   study  ──run()──▶  results, a line of JSON each  ──judge()──▶  verdicts  ──▶  report.html
//
// A study is a kind of training with several arms (hard targets, smoothed ones …) that share seeds,
// first weights, batches and noise. A claim is a sentence, and the one comparison of arms, fixed
// beforehand, that decides it. Several claims may be judged from one study.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace temper::lab {
// Which training: together the key of a result.
struct Run {
  std::string study, dataset, arm;
  std::uint64_t seed = 1;
  bool quick = false;  // fewer images and epochs: to see how it works, not to believe it

  auto operator<=>(const Run&) const = default;
};

// What one training found.
struct Result {
  Run run;
  std::map<std::string, double> numbers = {};              // "accuracy", "ece" …
  std::map<std::string, std::vector<double>> series = {};  // "test_nll" by epoch, "bin_count" …
  // Where it comes from: command, seconds, data digest, version, BLAS.
  std::map<std::string, std::string> about = {};
};

struct Data;  // see training.h

struct Study {
  std::string name, what;  // "targets", "784-256-10, SGD 0.1 with momentum 0.9 …"
  std::vector<std::string> datasets, arms;  // the first arm is what the others are compared with
  int seeds, quick_seeds;
  double seconds;  // of one run on one core, about: the longest start first
  void (*train)(const Run& run, Data& data, Result& result);  // may change its data
  std::map<std::string, int> fewer_seeds = {};  // of arms that are shown, but decide no claim

  int seeds_of(const std::string& arm, bool quick) const;
};

// A number of an arm.
struct Measure {
  std::string arm, number;
};

// What a paper reports where we measure the same.
struct Published {
  Measure measure;
  double value;
  std::string source;
};

struct Claim {
  std::string name;          // "calibration": what ./run lab calls it
  std::string statement;     // what is claimed of smoothed or of hard targets
  bool asked_by_us = false;  // not by those who recommend them: a question that follows
  std::string literature;    // what papers found
  std::string prediction;    // for this experiment, written down before it was run
  std::string study;
  std::vector<std::string> datasets;  // some or all of the study's
  Measure treatment, reference;       // the effect is treatment - reference, paired by seed
  std::string unit;                   // of the effect: "points"
  double scale;                       // from the number to the unit: 100
  bool more_supports;                 // whether a positive effect is what is claimed
  std::vector<Published> published = {};
  std::vector<std::string> also = {};  // studies that are shown beside it
};

// What one file of experiments/ has: a study or two and the claims that they decide.
struct Experiment {
  std::vector<Study> studies;
  std::vector<Claim> claims;
};

const std::vector<Study>& studies();
const std::vector<Claim>& claims();

const Study& find_study(const std::string& name);  // throws std::invalid_argument

// One line of JSON, and back. from_json throws std::runtime_error for what is no such line.
std::string to_line(const Result& result);
Result from_line(const std::string& line);

// All results of a file, of each run the last. A last line without its end (a sweep that was
// killed) is left out; so is what is no result. A missing file has none.
std::vector<Result> read_results(const std::string& path);
}  // namespace temper::lab
