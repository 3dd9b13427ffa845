// The target lab: lists its claims and jobs, does one run, collects results, writes the report.
//
// A sweep is jobs | an engine that runs them (GNU parallel, a Slurm array) | collect. Each job is
// one command and its result one line of JSON, so any engine will do, and what is in the file of
// results is never run again.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>

#include "../common/run_app.h"
#include "../common/stopwatch.h"
#include "html.h"
#include "lab.h"
#include "page.h"
#include "plots.h"
#include "statistics.h"
#include "training.h"

using namespace temper;
using namespace temper::lab;

namespace {
struct Options {
  std::string program, results, output = "report.html";
  std::vector<std::string> claims = {};  // none: all
  bool quick = false;
  Run run = {};
};

// The studies of these claims, or all.
std::vector<Study> studies_of(const std::vector<std::string>& names) {
  if (names.empty()) return studies();
  std::set<std::string> wanted;
  for (const std::string& name : names) {
    const auto claim = std::ranges::find(claims(), name, &Claim::name);
    if (claim != claims().end()) {
      wanted.insert(claim->study);
      wanted.insert(claim->also.begin(), claim->also.end());
    } else {
      wanted.insert(find_study(name).name);
    }
  }
  std::vector<Study> chosen;
  for (const Study& study : studies())
    if (wanted.contains(study.name)) chosen.push_back(study);
  return chosen;
}

// A word of a shell's command line.
std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string command_of(const Run& run, const std::string& program) {
  return program + " run --study " + run.study + " --dataset " + run.dataset + " --arm " +
         quoted(run.arm) + " --seed " + std::to_string(run.seed) + (run.quick ? " --quick" : "");
}

// Quick runs take about so much of the time.
double seconds_of(const Run& run) { return find_study(run.study).seconds * (run.quick ? 0.12 : 1); }

// The results of the studies as they are now: what another version of a study left is not its own.
std::vector<Result> current_results(const std::string& path) {
  std::vector<Result> results = read_results(path);
  std::erase_if(results, [](const Result& result) {
    const auto study = std::ranges::find(studies(), result.run.study, &Study::name);
    const auto what = result.about.find("what");
    return study == studies().end() || what == result.about.end() || what->second != study->what;
  });
  return results;
}

// What is not yet in the file of results, longest first.
std::vector<Run> missing_runs(const Options& o) {
  std::set<Run> done;
  for (const Result& result : current_results(o.results)) done.insert(result.run);
  std::vector<Run> missing;
  for (const Study& study : studies_of(o.claims))
    for (int seed = 1; seed <= (o.quick ? study.quick_seeds : study.seeds); ++seed)
      for (const std::string& dataset : study.datasets)
        for (const std::string& arm : study.arms) {
          if (seed > study.seeds_of(arm, o.quick)) continue;
          const Run run{study.name, dataset, arm, static_cast<std::uint64_t>(seed), o.quick};
          if (!done.contains(run)) missing.push_back(run);
        }
  std::ranges::stable_sort(missing, std::greater{}, seconds_of);
  return missing;
}

void list() {
  std::printf("Claims (./run lab NAME …)\n");
  for (const Claim& claim : claims())
    std::printf("  %-16s %s\n", claim.name.c_str(), claim.statement.c_str());
  std::printf("\nStudies, runs and hours on one core\n");
  double total = 0;
  for (const Study& study : studies()) {
    double runs = 0;
    for (const std::string& arm : study.arms)
      runs += static_cast<double>(study.datasets.size()) * study.seeds_of(arm, false);
    total += runs * study.seconds;
    std::printf("  %-16s %4.0f %5.2f  %s\n", study.name.c_str(), runs, runs * study.seconds / 3600,
                study.what.c_str());
  }
  std::printf("  %-16s      %5.2f\n", "", total / 3600);
}

void run(const Options& o) {
  const Study& study = find_study(o.run.study);
  require(std::ranges::count(study.datasets, o.run.dataset) > 0, "lab: the study ", study.name,
          " has no data set ", o.run.dataset);
  require(std::ranges::count(study.arms, o.run.arm) > 0, "lab: the study ", study.name,
          " has no arm \"", o.run.arm, "\"");
  const Stopwatch watch;
  Data data = load(o.run);
  Result result{.run = o.run};
  study.train(o.run, data, result);
  result.about["data digest"] = data.digest;
  result.about["what"] = study.what;
  result.about["command"] = command_of(o.run, "lab");
  result.about["seconds"] = std::to_string(watch.seconds());
  result.about["version"] = TEMPER_VERSION;
  result.about["blas"] = blas_description();
  std::printf("%s\n", to_line(result).c_str());
}

// Lines of results from standard input to the end of the file, each at once; on the terminal how
// far the sweep is.
void collect(const Options& o) {
  double left = 0;
  const std::vector<Run> missing = missing_runs(o);
  for (const Run& one : missing) left += seconds_of(one);
  const double total = left;
  if (!missing.empty())
    std::fprintf(stderr, "%zu trainings, about %s on one core, the longest first\n", missing.size(),
                 clock_time(total).c_str());
  bool torn = false;  // the last line of a file that a killed sweep left
  if (std::ifstream file(o.results, std::ios::ate); file && file.tellg() > 0) {
    file.seekg(-1, std::ios::end);
    torn = file.get() != '\n';
  }
  std::ofstream file(o.results, std::ios::app);
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
    if (!file) throw std::runtime_error(o.results + " cannot be written");
    std::fprintf(stderr, "%s%zu of %zu  %s  %s  %s  seed %llu  %s left%s", isatty(2) ? "\r" : "",
                 ++done, missing.size(), result.run.study.c_str(), result.run.dataset.c_str(),
                 result.run.arm.c_str(), static_cast<unsigned long long>(result.run.seed),
                 clock_time(watch.seconds() * std::max(left, 0.0) / (total - left)).c_str(),
                 isatty(2) ? "\033[K" : "\n");
  }
  if (isatty(2)) std::fprintf(stderr, "\n");
  if (bad > 0) throw std::runtime_error(std::to_string(bad) + " lines were no results");
}

void report(const Options& o) {
  const std::vector<Result> results = current_results(o.results);
  if (results.empty()) throw std::runtime_error(o.results + " has no results: ./run lab");
  write_page(o.output, report_page(results, studies(), claims()));
  std::printf("%s\n", o.output.c_str());
}
void verdicts(const Options& o) {
  std::printf("%s", verdict_table(current_results(o.results), studies(), claims()).c_str());
}

// The pictures that the README shows.
void pictures(const Options& o) {
  const std::vector<Result> results = best_results(current_results(o.results));
  const std::vector<std::string> both = {"mnist", "fashion-mnist"};
  const auto write = [&](const std::string& name, const Picture& picture) {
    const std::string path = o.output + "/" + name + ".svg";
    require(std::ranges::none_of(picture.panels, [](const Panel& p) { return p.svg.empty(); }),
            path, ": gnuplot is needed for it");
    require(!picture.panels.empty(), path, ": ", o.results, " has no results for it");
    write_page(path, picture_file(picture));
  };
  write("calibration", calibration_bars({results, "targets", both, {"hard", "smooth 0.1"}}));
  write("smoothing", smoothing_sweep({results, "sweep", both, find_study("sweep").arms}));
  write("noise",
        accuracy_under_noise({results, "noise-shares", both, find_study("noise-shares").arms}));
}
}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Tests what is said of hard and soft targets: see ./run lab");
  app.require_subcommand(1);
  Options o{.program = argv[0], .results = {}};
  const auto command = [&](const char* name, const char* what, void (*body)(const Options&)) {
    CLI::App* sub = app.add_subcommand(name, what);
    sub->callback([&o, body] { std::exit(run_app([&] { body(o); })); });
    return sub;
  };
  command("list", "The claims, and what it takes to test them", [](const Options&) { list(); });

  CLI::App* jobs =
      command("jobs", "The commands of all runs that are not in the results, longest first",
              [](const Options& o) {
                for (const Run& one : missing_runs(o))
                  std::printf("%s\n", command_of(one, quoted(o.program)).c_str());
              });
  CLI::App* collecting = command(
      "collect", "Adds results from standard input to the file, and says how far it is", collect);
  for (CLI::App* sub : {jobs, collecting}) {
    sub->add_option("claims", o.claims, "Claims or studies; none: all");
    sub->add_option("--results", o.results, "File of results, a line of JSON each")->required();
    sub->add_flag("--quick", o.quick, "Few seeds, images and epochs");
  }

  CLI::App* running = command("run", "One training; prints one line of JSON", run);
  running->add_option("--study", o.run.study)->required();
  running->add_option("--dataset", o.run.dataset)->required();
  running->add_option("--arm", o.run.arm)->required();
  running->add_option("--seed", o.run.seed)->required();
  running->add_flag("--quick", o.run.quick, "10,000 images, a third of the epochs");

  CLI::App* reporting = command("report", "Judges the claims and writes a page", report);
  reporting->add_option("--results", o.results, "File of results")->required();
  reporting->add_option("--output", o.output, "The page");

  command("verdicts", "Judges the claims: a table of Markdown", verdicts)
      ->add_option("--results", o.results, "File of results")
      ->required();

  CLI::App* drawing = command("pictures", "Draws what the README shows, as SVG", pictures);
  drawing->add_option("--results", o.results, "File of results")->required();
  drawing->add_option("--output", o.output, "The folder")->required();
  CLI11_PARSE(app, argc, argv);
}
