// Which pictures a claim has.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "plots.h"

namespace temper::lab {
// A claim has the pictures that its studies or its number ask for. None is shown twice.
class Gallery {
 public:
  Gallery(const std::vector<Result>& results, const std::vector<Study>& studies)
      : results_(results), studies_(studies) {}

  // As HTML; where nothing is asked for, every seed's difference.
  std::string figures(const Claim& claim, Picture every_seed);

  struct Kind;

 private:
  std::string figure_of(const Kind& kind, const Claim& claim, const std::string& study);

  const std::vector<Result>& results_;
  const std::vector<Study>& studies_;
  // kind, study and arms, and the claim that has the picture
  std::map<std::tuple<const Kind*, std::string, std::vector<std::string>>, std::string> shown_;
};
}  // namespace temper::lab
