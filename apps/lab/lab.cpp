// The target lab: lists its claims and jobs, does one run, collects results, writes the report.
//
// Its rooms are the folders and sweep.h; each knows only those to its left:
//
//   model  <--  statistics  <--  pictures  <--  page  <-------.
//     ^                                                        lab
//     '-----  training  <--  experiments  <--  sweep  <-------'
//
// A sweep is jobs | an engine that runs them (GNU parallel, a Slurm array) | collect. Each job is
// one command and its result one line of JSON, so any engine will do, and what is in the file of
// results is never run again.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

#include "../common/options.h"
#include "../common/run_app.h"
#include "../common/stopwatch.h"
#include "experiments/experiments.h"
#include "model/data.h"
#include "page/html.h"
#include "page/report.h"
#include "page/verdict_text.h"
#include "pictures/calibration.h"
#include "pictures/learning.h"
#include "sweep.h"

using namespace temper;
using namespace temper::lab;

namespace {
struct Options {
  std::string program, output = "report.html";
  Sweep sweep;
  Run run = {};
};

void list() {
  std::printf("Claims (./run lab NAME …)\n");
  for (const Claim& claim : claims())
    std::printf("  %-16s %s\n", claim.name.c_str(), claim.statement.c_str());
  std::printf("\nStudies, runs and hours on one core\n");
  double total = 0;
  for (const Study& study : studies()) {
    double runs = 0;
    for (const Arm& arm : study.arms)
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
  const Arm& arm = find_arm(study, o.run.arm);
  const Stopwatch watch;
  Data data = load(o.run);
  Result result{.run = o.run};
  study.train(o.run, arm, data, result);
  result.about["data digest"] = data.digest;
  result.about["what"] = study.what;
  result.about["command"] = "lab " + arguments_of(o.run);
  result.about["seconds"] = std::to_string(watch.seconds());
  result.about["version"] = TEMPER_VERSION;
  result.about["blas"] = blas_description();
  std::printf("%s\n", to_line(result).c_str());
}

void report(const Options& o) {
  const std::vector<Result> results = current_results(o.sweep.results);
  if (results.empty()) throw std::runtime_error(o.sweep.results + " has no results: ./run lab");
  write_page(o.output, report_page(results, studies(), claims()));
  std::printf("%s\n", o.output.c_str());
}

void verdicts(const Options& o) {
  std::printf("%s", verdict_table(current_results(o.sweep.results), studies(), claims()).c_str());
}

// The pictures that the README shows.
void pictures(const Options& o) {
  const std::vector<Result> results = best_results(current_results(o.sweep.results));
  const auto write = [&](const std::string& name, const Picture& picture) {
    const std::string path = o.output + "/" + name + ".svg";
    require(std::ranges::none_of(picture.panels, [](const Panel& p) { return p.svg.empty(); }),
            path, ": gnuplot is needed for it");
    require(!picture.panels.empty(), path, ": ", o.sweep.results, " has no results for it");
    write_page(path, picture_file(picture));
  };
  const auto all_of = [&](const std::string& name) {
    const Study& study = find_study(name);
    return Selection{results, name, study.datasets, study.arms};
  };
  write("calibration", calibration_bars(all_of("targets")));
  write("smoothing", smoothing_sweep(all_of("sweep")));
  write("noise", accuracy_under_noise(all_of("noise-shares")));
}
}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Tests what is said of hard and soft targets: see ./run lab");
  app.require_subcommand(1);
  Options o{.program = argv[0], .sweep = {}};
  const auto command = [&](const char* name, const char* what, void (*body)(const Options&)) {
    CLI::App* sub = app.add_subcommand(name, what);
    sub->callback([&o, body] { std::exit(run_app([&] { body(o); })); });
    return sub;
  };
  command("list", "The claims, and what it takes to test them", [](const Options&) { list(); });

  CLI::App* jobs =
      command("jobs", "The commands of all runs that are not in the results, longest first",
              [](const Options& o) { print_jobs(o.sweep, o.program); });
  CLI::App* collecting =
      command("collect", "Adds results from standard input to the file, and says how far it is",
              [](const Options& o) { collect(o.sweep); });
  for (CLI::App* sub : {jobs, collecting}) {
    sub->add_option("claims", o.sweep.claims, "Claims or studies; none: all");
    sub->add_option("--results", o.sweep.results, "File of results, a line of JSON each")
        ->required();
    sub->add_flag("--quick", o.sweep.quick, "Few seeds, images and epochs");
  }

  CLI::App* running = command("run", "One training; prints one line of JSON", run);
  running->add_option("--study", o.run.study)->required();
  running->add_option("--dataset", o.run.dataset)->required();
  running->add_option("--arm", o.run.arm)->required();
  add_number(*running, "--seed", o.run.seed, "", 0)->required();
  running->add_flag("--quick", o.run.quick, "10,000 images, a third of the epochs");

  CLI::App* reporting = command("report", "Judges the claims and writes a page", report);
  reporting->add_option("--output", o.output, "The page");
  CLI::App* judging = command("verdicts", "Judges the claims: a table of Markdown", verdicts);
  CLI::App* drawing = command("pictures", "Draws what the README shows, as SVG", pictures);
  drawing->add_option("--output", o.output, "The folder")->required();
  for (CLI::App* sub : {reporting, judging, drawing})
    sub->add_option("--results", o.sweep.results, "File of results")->required();
  CLI11_PARSE(app, argc, argv);
}
