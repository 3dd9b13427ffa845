// report.html: verdicts first, then every claim with its pictures and numbers, then how it was
// judged and where it comes from.
#pragma once

#include <string>
#include <vector>

#include "../model/study.h"

namespace temper::lab {
// One HTML file that needs nothing else. A claim without results is shown as not measured.
std::string report_page(const std::vector<Result>& results, const std::vector<Study>& studies,
                        const std::vector<Claim>& claims);
}  // namespace temper::lab
