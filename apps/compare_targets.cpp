// Trains the same network twice, on hard targets and with label smoothing, and compares the two.
//
// Everything else is equal: data, first weights, order of batches, number of steps. What ./run demo
// runs.
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>

#include "common/known_datasets.h"
#include "common/machine.h"
#include "common/options.h"
#include "common/progress.h"
#include "common/reliability.h"
#include "common/run_app.h"
#include "common/stopwatch.h"
#include "lab/page/demo_page.h"
#include "lab/page/html.h"

using namespace temper;

namespace {
struct Options {
  std::string dataset = "mnist", folder, report = "temper-report.html";
  double smoothing = 0.1;
  int hidden = 256, epochs = 15, batch = 128;
  std::uint64_t seed = 1;
};

struct Result {
  std::string name;
  Metrics metrics;
  double seconds = 0;
};

Result train(const std::string& name, double smoothing, const Mnist& data, const Options& o) {
  Rng rng(o.seed);  // a fresh one: both runs draw the same weights and the same order of batches
  Sequential model{Linear(784, o.hidden, rng), ReLU(), Linear(o.hidden, data.train.classes, rng)};
  SGD optimizer(model.parameters(), {.learning_rate = 0.1, .momentum = 0.9});
  DataLoader batches(data.train, {.batch_size = o.batch, .shuffle = true}, rng);
  Tape tape;
  Progress progress(name, std::int64_t{o.epochs} * batches.samples());
  const Stopwatch watch;
  for (int epoch = 1; epoch <= o.epochs; ++epoch) {
    for (const Batch& batch : batches) {
      tape.clear();
      const Tensor logits = model.forward(tape.input(batch.inputs));
      const Tensor loss =
          softmax_cross_entropy(logits, batch.labels, {.label_smoothing = smoothing});
      optimizer.zero_grad();
      tape.backward(loss);
      optimizer.step();
      progress.add_step(batch, logits, loss);
    }
  }
  progress.clear_line();
  const double seconds = watch.seconds();
  return {name, evaluate(model, DataLoader(data.test, {.batch_size = 1000})), seconds};
}

void print_row(const Result& r) {
  const Metrics& m = r.metrics;
  const double error =
      std::sqrt(m.accuracy() * (1 - m.accuracy()) / static_cast<double>(m.count()));
  std::printf("%-10s  %5.2f ± %.2f %%  %6.4f  %6.4f  %8.2f %%  %+6.2f %%  %6.4f  %5.1f\n",
              r.name.c_str(), 100 * m.accuracy(), 100 * error, m.nll(), m.brier(),
              100 * m.mean_confidence(), 100 * m.overconfidence(), m.ece(), r.seconds);
}

// What the numbers say, in words.
void explain(const Metrics& hard, const Metrics& smooth) {
  const auto lean = [](const Metrics& m) { return m.overconfidence() > 0 ? "over" : "under"; };
  // the standard error of a difference of two shares, taken as independent: one run cannot say more
  const auto variance = [](const Metrics& m) {
    return m.accuracy() * (1 - m.accuracy()) / static_cast<double>(m.count());
  };
  const double difference = smooth.accuracy() - hard.accuracy(),
               error = std::sqrt(variance(hard) + variance(smooth));
  std::printf("\nAccuracy changed by %+.2f points (standard error %.2f):\n%s.\n", 100 * difference,
              100 * error,
              std::abs(difference) > 2 * error ? "more than the choice of test images explains"
                                               : "one run cannot tell this from chance");
  std::printf(
      "Hard targets leave the network %.1f points %s-confident,\nsmoothing %.1f points "
      "%s-confident:\n",
      100 * std::abs(hard.overconfidence()), lean(hard), 100 * std::abs(smooth.overconfidence()),
      lean(smooth));
  std::printf("its calibration error (ECE) is %.1f times %s with smoothing.\n",
              smooth.ece() > hard.ece() ? smooth.ece() / hard.ece() : hard.ece() / smooth.ece(),
              smooth.ece() > hard.ece() ? "larger" : "smaller");
}

// A page that cannot be written is no reason to lose what was printed.
void write_report(const Options& o, const std::string& settings, const Result& hard,
                  const Result& smooth) {
  try {
    lab::write_page(o.report, lab::demo_page(o.dataset, settings, {hard.name, hard.metrics},
                                             {smooth.name, smooth.metrics}));
    std::printf("\nThe same as a page with pictures: %s\n",
                std::filesystem::absolute(o.report).c_str());
  } catch (const std::exception& error) {
    std::fflush(stdout);
    std::fprintf(stderr, "no page: %s\n", error.what());
  }
}

void compare(const Options& o) {
  print_machine();
  const Mnist data = load_dataset(o.dataset, o.folder);
  char settings[160];
  std::snprintf(settings, sizeof settings,
                "network 784-%d-%d, SGD 0.1, momentum 0.9, batch %d, %d epochs, seed %llu",
                o.hidden, data.train.classes, o.batch, o.epochs,
                static_cast<unsigned long long>(o.seed));
  std::printf("%s\n\n", settings);
  std::fflush(stdout);
  char name[32];
  std::snprintf(name, sizeof name, "smooth %g", o.smoothing);
  const Result hard = train("hard", 0, data, o), smooth = train(name, o.smoothing, data, o);
  std::printf("%-10s  %14s  %6s  %6s  %10s  %8s  %6s  %5s\n", "targets", "accuracy", "NLL", "Brier",
              "confidence", "gap", "ECE", "sec");
  print_row(hard);
  print_row(smooth);
  std::printf("\n%s", side_by_side(reliability_diagram(hard.name, hard.metrics),
                                   reliability_diagram(smooth.name, smooth.metrics))
                          .c_str());
  explain(hard.metrics, smooth.metrics);
  if (!o.report.empty()) write_report(o, settings, hard, smooth);
}
}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Trains the same network on hard targets and with label smoothing, and compares the two.");
  Options o;
  app.option_defaults()->always_capture_default();
  add_data_options(app, o.dataset, o.folder);
  add_number(app, "--smoothing", o.smoothing, "How much of a target is shared by all classes", 0,
             1);
  add_number(app, "--hidden", o.hidden, "Units of the hidden layer", 1, 1 << 16);
  add_length_options(app, o.epochs, o.batch);
  add_number(app, "--seed", o.seed, "Of the first weights and the order of batches", 0);
  app.add_option("--report", o.report, "The page to write at the end; '' for none");
  CLI11_PARSE(app, argc, argv);
  return run_app([&] { compare(o); });
}
