// Which pictures a claim has.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "../model/study.h"
#include "../pictures/picture.h"

namespace temper::lab {
// A claim has the pictures of the family of its number, and those of the families of its studies.
// None is shown twice.
class Gallery {
 public:
  Gallery(const std::vector<Result>& results, const std::vector<Study>& studies)
      : results_(results), studies_(studies) {}

  // As HTML; of a claim without such pictures, the differences of every seed.
  std::string figures(const Claim& claim, Picture every_seed);

  struct Kind;

 private:
  // The study of a claim that such pictures are made of; null: none.
  const Study* study_for(const Kind& kind, const Claim& claim) const;
  std::string figure_of(const Kind& kind, const Claim& claim, const Study& study);

  const std::vector<Result>& results_;
  const std::vector<Study>& studies_;
  // the claim that shows a picture, by its kind, its study and the names of its arms
  std::map<std::tuple<const Kind*, std::string, std::string>, std::string> shown_;
};
}  // namespace temper::lab
