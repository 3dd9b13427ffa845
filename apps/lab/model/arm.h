// Arms: the ways of training that a study compares. What distinguishes them stands in fields, which
// experiments and pictures read; the name is for people and for files.
#pragma once

#include <string>

namespace temper::lab {
// What an arm does besides smoothing.
enum class Remedy {
  none,
  forward_correction,  // the loss knows how often a label became which other
  mixup,
  cutmix,
  class_prior,      // smoothing goes to the classes by their shares
  class_smoothing,  // the more frequent a class is, the more its labels are smoothed
  class_weights     // the rarer a class is, the more its images count
};

struct Arm {
  std::string name;          // "0.4 smooth 0.1": on the command line, in results and on the page
  double smoothing = 0;      // ε of the targets
  double wrong_labels = 0;   // the share of the training labels that are replaced by wrong ones
  bool look_alikes = false;  // by those of classes that look alike, not by any
  std::string method = "";   // "smooth 0.1": the name without that share; empty if it has none
  Remedy remedy = Remedy::none;
  double dropout = 0, confidence_penalty = 0;
  int most_seeds = 0;  // fewer than the study has, for an arm that decides no claim; 0: as many

  bool operator==(const Arm&) const = default;
};

Arm hard();                    // "hard"
Arm smooth(double smoothing);  // "smooth 0.1"

// The arm where this share of the training labels is wrong: "0.4 smooth 0.1", or for look-alikes
// "0.4 alike smooth 0.1".
Arm on_wrong_labels(Arm arm, double share, bool look_alikes = false);
}  // namespace temper::lab
