#include "experiments.h"

#include <stdexcept>

namespace temper::lab {
namespace {
const Experiment& all() {
  static const Experiment experiment = [] {
    Experiment joined;
    for (const auto& make :
         {targets_experiment, amounts_experiment, few_images_experiment, landscape_experiment,
          noise_experiment, imbalance_experiment, clean_experiment, representations_experiment,
          distillation_experiment, noisy_teachers_experiment, pereyra_experiment}) {
      Experiment one = make();
      for (Claim& claim : one.claims) {
        if (claim.study.empty()) claim.study = one.studies.front().name;
        if (claim.datasets.empty()) claim.datasets = one.studies.front().datasets;
      }
      joined.studies.insert(joined.studies.end(), one.studies.begin(), one.studies.end());
      joined.claims.insert(joined.claims.end(), one.claims.begin(), one.claims.end());
    }
    return joined;
  }();
  return experiment;
}
}  // namespace

const std::vector<Study>& studies() { return all().studies; }
const std::vector<Claim>& claims() { return all().claims; }

const Study& find_study(const std::string& name) {
  for (const Study& study : studies())
    if (study.name == name) return study;
  throw std::invalid_argument("lab: there is no study \"" + name + "\"; see lab list");
}

const Arm& find_arm(const Study& study, const std::string& name) {
  for (const Arm& arm : study.arms)
    if (arm.name == name) return arm;
  throw std::invalid_argument("lab: the study " + study.name + " has no arm \"" + name + "\"");
}
}  // namespace temper::lab
