// The target lab: studies train networks, claims are judged by what the studies measured.
//
//   study  ──train()──▶  results, a line of JSON each  ──judge()──▶  verdicts  ──▶  report.html
//
// A study is a kind of training with several arms (hard targets, smoothed ones …) that share seeds,
// first weights, batches and noise. A claim is a sentence, and the one comparison of arms, fixed
// beforehand, that decides it. Several claims may be judged from one study.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "arm.h"
#include "number.h"
#include "result.h"

namespace temper::lab {
struct Data;  // see data.h

struct Study {
  std::string name;  // "targets"
  // "784-256-10, SGD 0.1 with momentum 0.9 …": for people; and a result that says otherwise is of
  // an older version of the study, and does not count.
  std::string what;
  std::vector<std::string> datasets = {"mnist", "fashion-mnist"};
  std::vector<Arm> arms;  // the first is what the others are compared with
  int seeds = 10, quick_seeds = 4;
  double seconds;  // that a run takes on one core, about: the longest are started first
  // One training; may change its data.
  void (*train)(const Run& run, const Arm& arm, Data& data, Result& result);
  Family family = Family::none;  // of pictures that show all its arms

  int seeds_of(const Arm& arm, bool quick) const {
    const int all = quick ? quick_seeds : seeds;
    return arm.most_seeds > 0 ? std::min(all, arm.most_seeds) : all;
  }
};

// A number of an arm.
struct Measure {
  Arm arm;
  std::string number;

  bool operator==(const Measure&) const = default;
};

// What a paper reports where we measure the same.
struct Published {
  Measure measure;
  double percent;
  std::string source;
};

struct Claim {
  std::string name;       // ./run lab NAME: "calibration"
  std::string statement;  // a sentence about smoothed or hard targets
  // The question is ours, and follows from others. If not, the sentence is said by those who
  // recommend smoothed or hard targets.
  bool asked_by_us = false;
  std::string literature;                  // what papers found
  std::string prediction;                  // for this experiment, written down before it was run
  std::string study = "";                  // empty: the first of its experiment
  std::vector<std::string> datasets = {};  // none: all of the study
  Measure treatment, reference;  // the effect is treatment - reference, in pairs of the same seed
  bool more_supports;            // whether the sentence expects an effect above zero
  std::vector<Published> published = {};
  std::vector<std::string> also = {};  // studies whose pictures are shown as well

  // Whose unit and scale the effect has.
  Number number() const { return find_number(treatment.number); }
};

// What one file of experiments/ has: a study or two and the claims that they decide.
struct Experiment {
  std::vector<Study> studies;
  std::vector<Claim> claims = {};
};
}  // namespace temper::lab
