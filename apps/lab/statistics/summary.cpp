#include "summary.h"

#include <algorithm>

namespace temper::lab {
std::vector<const Result*> Selection::of(const std::string& dataset, const Arm& arm) const {
  std::vector<const Result*> found;
  for (const Result& result : results)
    if (result.run.study == study && result.run.dataset == dataset && result.run.arm == arm.name)
      found.push_back(&result);
  return found;
}

Spread number_of(const std::vector<const Result*>& results, const std::string& name) {
  std::vector<double> values;
  for (const Result* result : results)
    if (const auto found = result->numbers.find(name); found != result->numbers.end())
      values.push_back(found->second);
  return spread(values);
}

std::vector<Spread> series_of(const std::vector<const Result*>& results, const std::string& name) {
  std::vector<const std::vector<double>*> all;
  std::size_t length = 0;
  for (const Result* result : results) {
    const auto found = result->series.find(name);
    if (found == result->series.end()) continue;
    length = all.empty() ? found->second.size() : std::min(length, found->second.size());
    all.push_back(&found->second);
  }
  std::vector<Spread> spreads(length);
  for (std::size_t i = 0; i < length; ++i) {
    std::vector<double> values(all.size());
    for (std::size_t run = 0; run < all.size(); ++run) values[run] = (*all[run])[i];
    spreads[i] = spread(values);
  }
  return spreads;
}

std::vector<double> mean_series(const std::vector<const Result*>& results,
                                const std::string& name) {
  std::vector<double> values;
  for (const Spread& one : series_of(results, name)) values.push_back(one.mean);
  return values;
}
}  // namespace temper::lab
