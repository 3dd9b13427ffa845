// Verdicts in words: as a sentence, as a row of the page's table, and as a table of Markdown.
#pragma once

#include <string>
#include <vector>

#include "../statistics/verdict.h"

namespace temper::lab {
// What is compared: "calibration error (ECE), smooth 0.1 minus hard".
std::string measured(const Claim& claim);

// A verdict as a word in its colour.
std::string pill(Outcome outcome);

// What was found, data set by data set.
std::string sentence(const Claim& claim, const Verdict& verdict);

// The claim, what was measured, the effects with their intervals, the literature, the verdict.
std::string verdict_row(const Claim& claim, const Verdict& verdict);

// A table of Markdown, a line for each claim and data set; "visible" is the smallest effect that
// would have been seen four times out of five.
std::string verdict_table(const std::vector<Result>& results, const std::vector<Study>& studies,
                          const std::vector<Claim>& claims);
}  // namespace temper::lab
