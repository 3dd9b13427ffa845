// A sweep: which runs a file of results still lacks, each as a command, and collecting what they
// print.
#pragma once

#include <string>
#include <vector>

#include "model/result.h"

namespace temper::lab {
struct Sweep {
  std::string results;                   // the file, a line of JSON each
  std::vector<std::string> claims = {};  // or studies; none: all
  bool quick = false;
};

// The results of a file that say they trained what their study says today. Those of a study that
// has changed since do not count.
std::vector<Result> current_results(const std::string& path);

// What the file lacks, longest first.
std::vector<Run> missing_runs(const Sweep& sweep);

// The arguments of the program that does a run, for a shell.
std::string arguments_of(const Run& run);

// What the file lacks as commands of the program, a line each.
void print_jobs(const Sweep& sweep, const std::string& program);

// Lines of results from standard input to the end of the file, each at once; on the terminal how
// far the sweep is. Throws std::runtime_error at the end if some lines were no results.
void collect(const Sweep& sweep);
}  // namespace temper::lab
