// The experiments, each a file of this folder: what is trained, and which claims it decides.
#pragma once

#include <string>
#include <vector>

#include "../model/study.h"

namespace temper::lab {
// Those of all experiments, in the order of experiments.cpp.
const std::vector<Study>& studies();
const std::vector<Claim>& claims();

const Study& find_study(const std::string& name);                  // throws std::invalid_argument
const Arm& find_arm(const Study& study, const std::string& name);  // so does this

Experiment targets_experiment();
Experiment amounts_experiment();
Experiment few_images_experiment();
Experiment landscape_experiment();
Experiment noise_experiment();
Experiment imbalance_experiment();
Experiment clean_experiment();
Experiment representations_experiment();
Experiment distillation_experiment();
Experiment noisy_teachers_experiment();
Experiment pereyra_experiment();
}  // namespace temper::lab
