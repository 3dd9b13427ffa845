#include "experiments.h"

#include <algorithm>
#include <stdexcept>

namespace temper::lab {
namespace {
const Experiment& all() {
  static const Experiment experiment = [] {
    Experiment joined;
    for (const auto& make :
         {targets_experiment, sweep_experiment, few_images_experiment, landscape_experiment,
          noise_experiment, imbalance_experiment, clean_experiment, representations_experiment,
          distillation_experiment, noisy_teachers_experiment, pereyra_experiment}) {
      const Experiment one = make();
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

int Study::seeds_of(const std::string& arm, bool quick) const {
  const auto fewer = fewer_seeds.find(arm);
  const int all = quick ? quick_seeds : seeds;
  return fewer != fewer_seeds.end() ? std::min(all, fewer->second) : all;
}

const Study& find_study(const std::string& name) {
  for (const Study& study : studies())
    if (study.name == name) return study;
  throw std::invalid_argument("lab: there is no study \"" + name + "\"; see lab list");
}
}  // namespace temper::lab
