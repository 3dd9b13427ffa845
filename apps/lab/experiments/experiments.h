// The experiments, each a file of this folder: what is trained, and which claims it decides.
#pragma once

#include "../lab.h"

namespace temper::lab {
Experiment targets_experiment();
Experiment sweep_experiment();
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
