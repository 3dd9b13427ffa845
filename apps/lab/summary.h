// What the results of an arm say together: means over its seeds, and how to write them.
#pragma once

#include <string>
#include <vector>

#include "lab.h"

namespace temper::lab {
struct Spread {
  int n = 0;
  double mean = 0, deviation = 0;  // NaN with n = 0; 0 with n = 1
};
Spread spread(const std::vector<double>& values);  // of those that are finite

std::vector<const Result*> results_of(const std::vector<Result>& results, const std::string& study,
                                      const std::string& dataset, const std::string& arm);

Spread number_of(const std::vector<const Result*>& results, const std::string& name);

// By position in the series, as far as all of those that have it go.
std::vector<Spread> series_of(const std::vector<const Result*>& results, const std::string& name);

std::string dataset_title(const std::string& name);  // "MNIST"
std::string number_title(const std::string& name);   // "calibration error (ECE)"
std::string fixed(double value, int decimals);       // with a real minus; "–" if not finite
std::string plain(double value);                     // for gnuplot and tables: four digits, "?"
int decimals_for(double uncertainty);  // so many that it shows one digit, of 1 and 2 two
}  // namespace temper::lab
