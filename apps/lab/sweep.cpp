#include "sweep.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <set>
#include <stdexcept>

#include "../common/stopwatch.h"
#include "experiments/experiments.h"

namespace temper::lab {
namespace {
// Whether these names, of claims or studies, ask for a study; no names ask for all.
bool asked_for(const Study& study, const std::vector<std::string>& names) {
  return names.empty() || std::ranges::any_of(names, [&](const std::string& name) {
           const auto claim = std::ranges::find(claims(), name, &Claim::name);
           if (claim == claims().end()) return find_study(name).name == study.name;
           return claim->study == study.name || std::ranges::count(claim->also, study.name) > 0;
         });
}

// A word of a shell's command line.
std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

// About; a quick run takes an eighth of the time.
double seconds_of(const Run& run) { return find_study(run.study).seconds * (run.quick ? 0.12 : 1); }
}  // namespace

std::vector<Result> current_results(const std::string& path) {
  std::vector<Result> results = read_results(path);
  std::erase_if(results, [](const Result& result) {
    const auto study = std::ranges::find(studies(), result.run.study, &Study::name);
    const auto what = result.about.find("what");
    return study == studies().end() || what == result.about.end() || what->second != study->what;
  });
  return results;
}

std::vector<Run> missing_runs(const Sweep& sweep) {
  std::set<Run> done;
  for (const Result& result : current_results(sweep.results)) done.insert(result.run);
  std::vector<Run> missing;
  for (const Study& study : studies()) {
    if (!asked_for(study, sweep.claims)) continue;
    for (int seed = 1; seed <= (sweep.quick ? study.quick_seeds : study.seeds); ++seed)
      for (const std::string& dataset : study.datasets)
        for (const Arm& arm : study.arms) {
          if (seed > study.seeds_of(arm, sweep.quick)) continue;
          const Run run{study.name, dataset, arm.name, static_cast<std::uint64_t>(seed),
                        sweep.quick};
          if (!done.contains(run)) missing.push_back(run);
        }
  }
  std::ranges::stable_sort(missing, std::greater{}, seconds_of);
  return missing;
}

std::string arguments_of(const Run& run) {
  return "run --study " + run.study + " --dataset " + run.dataset + " --arm " + quoted(run.arm) +
         " --seed " + std::to_string(run.seed) + (run.quick ? " --quick" : "");
}

void print_jobs(const Sweep& sweep, const std::string& program) {
  for (const Run& run : missing_runs(sweep))
    std::printf("%s %s\n", quoted(program).c_str(), arguments_of(run).c_str());
}

void collect(const Sweep& sweep) {
  double left = 0;
  const std::vector<Run> missing = missing_runs(sweep);
  for (const Run& one : missing) left += seconds_of(one);
  const double total = left;
  if (!missing.empty())
    std::fprintf(stderr, "%zu trainings, about %s on one core, the longest first\n", missing.size(),
                 clock_time(total).c_str());
  bool torn = false;  // the last line of a file that a killed sweep left
  if (std::ifstream file(sweep.results, std::ios::ate); file && file.tellg() > 0) {
    file.seekg(-1, std::ios::end);
    torn = file.get() != '\n';
  }
  std::ofstream file(sweep.results, std::ios::app);
  if (torn) file << '\n';
  const Stopwatch watch;
  std::size_t done = 0, bad = 0;
  for (std::string line; std::getline(std::cin, line);) {
    Result result;
    try {
      result = from_line(line);
      left -= seconds_of(result.run);
    } catch (const std::exception& error) {  // the others are not to be lost for it
      std::fprintf(stderr, "%s\n", error.what());
      ++bad;
      continue;
    }

    file << line << std::endl;  // NOLINT(performance-avoid-endl): each result is kept at once
    if (!file) throw std::runtime_error(sweep.results + " cannot be written");
    std::fprintf(stderr, "%s%zu of %zu  %s  %s  %s  seed %llu  %s left%s", isatty(2) ? "\r" : "",
                 ++done, missing.size(), result.run.study.c_str(), result.run.dataset.c_str(),
                 result.run.arm.c_str(), static_cast<unsigned long long>(result.run.seed),
                 clock_time(watch.seconds() * std::max(left, 0.0) / (total - left)).c_str(),
                 isatty(2) ? "\033[K" : "\n");
  }
  if (isatty(2)) std::fprintf(stderr, "\n");
  if (bad > 0) throw std::runtime_error(std::to_string(bad) + " lines were no results");
}
}  // namespace temper::lab
