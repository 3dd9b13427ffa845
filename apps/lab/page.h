// The pages people look at: report.html of the lab, and the small one of ./run demo.
#pragma once

#include <temper.h>

#include <string>
#include <vector>

#include "lab.h"

namespace temper::lab {
// One HTML file that needs nothing else: verdicts, then every claim with its pictures and numbers,
// then how it was judged and where it comes from. Studies and claims without results are told.
// Of about, "command" and "seconds" are known; "version", "machine", "blas" and what has "digest"
// in its name go into the list of origins, the rest are options of the study.
std::string report_page(const std::vector<Result>& results, const std::vector<Study>& studies,
                        const std::vector<Claim>& claims);

// The verdicts as a table of Markdown, a line for each claim and data set; "visible" is the
// smallest effect that would have been seen four times out of five.
std::string verdict_table(const std::vector<Result>& results, const std::vector<Study>& studies,
                          const std::vector<Claim>& claims);

// A trained model on the page of the demo.
struct DemoModel {
  std::string name;  // "hard", "smooth 0.1"
  Metrics metrics;
};
std::string demo_page(const std::string& dataset, const std::string& settings,
                      const DemoModel& hard, const DemoModel& smooth);

// Throws std::runtime_error with the path.
void write_page(const std::string& path, const std::string& page);
}  // namespace temper::lab
