// Drawing by gnuplot, made fit to stand in a page.
#pragma once

#include <string>

namespace temper::lab {
// The SVG that a script draws: as wide as what holds it, text and axes in its colour, with title
// and description for those who do not see it. "lc 1" … "lc 8" in the script are the page's --s1 …
// --s8, "lc 9" is its grey --s0. Empty if there is no gnuplot, or if it fails. Leaves no files.
std::string draw(const std::string& script, int width, int height, const std::string& title,
                 const std::string& description);
}  // namespace temper::lab
