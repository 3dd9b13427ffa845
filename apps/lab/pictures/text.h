// How names, numbers and texts are written in pictures and on pages.
#pragma once

#include <string>

#include "../../common/known_datasets.h"

namespace temper::lab {
std::string counted(std::size_t n, const std::string& what);  // "1 seed", "3 seeds"
std::string fixed(double value, int decimals);    // with a real minus; "–" if not finite
std::string percent(double share, int decimals);  // "98.2 %", with a space that does not break
std::string plain(double value);                  // for gnuplot and tables: four digits, "?"
int decimals_for(double uncertainty);             // as many as show 1 digit of it; of 1 and 2, 2
std::string escaped(const std::string& text);     // as HTML shows it; in attributes in quotes too
}  // namespace temper::lab
