// The one table of what is measured: how a number is called, in which unit it is compared, and
// which pictures show it.
#pragma once

#include <string>
#include <vector>

namespace temper::lab {
// What the pictures of a number, or of a study, show. Which these are says page/gallery.cpp.
enum class Family {
  none,
  calibration,
  confidence,
  training,
  ranking,
  features,
  amounts_of_smoothing,
  shares_of_wrong_labels,
  teachers
};

struct Number {
  std::string name;       // in results and in claims: "ece"
  std::string title;      // on the page: "calibration error (ECE)"
  std::string unit = "";  // of a difference: "points of ECE"
  double scale = 1;       // from the number to the unit: 100
  Family family = Family::none;
};

const std::vector<Number>& numbers();

// The number of this name. One that the table lacks, of an older file of results perhaps, is titled
// by its name.
Number find_number(const std::string& name);
}  // namespace temper::lab
