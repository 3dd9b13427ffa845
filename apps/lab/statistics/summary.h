// What the results of an arm say together: means over its seeds.
#pragma once

#include <string>
#include <vector>

#include "../model/arm.h"
#include "../model/result.h"
#include "statistics.h"

namespace temper::lab {
// Results of one study, of some of its data sets and arms.
struct Selection {
  const std::vector<Result>& results;
  std::string study;
  std::vector<std::string> datasets;
  std::vector<Arm> arms;

  std::vector<const Result*> of(const std::string& dataset, const Arm& arm) const;
};

Spread number_of(const std::vector<const Result*>& results, const std::string& name);

// For each position in the series, over the results that have it, as far as the shortest goes.
std::vector<Spread> series_of(const std::vector<const Result*>& results, const std::string& name);
std::vector<double> mean_series(const std::vector<const Result*>& results, const std::string& name);
}  // namespace temper::lab
