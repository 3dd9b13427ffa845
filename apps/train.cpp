// The demo trainer: one network, one run, everything chosen on the command line.
#ifdef _OPENMP
#include <omp.h>
#endif

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "common/known_datasets.h"
#include "common/machine.h"
#include "common/models.h"
#include "common/profile.h"
#include "common/progress.h"
#include "common/run_app.h"
#include "common/stopwatch.h"
#include "train_options.h"

using namespace temper;

namespace {
Shape sample_shape(const TrainOptions& o) {
  return o.model == "mlp" ? Shape{784} : Shape{1, 28, 28};
}

Sequential make_model(const TrainOptions& o, Rng& rng, int classes) {
  if (o.model == "lenet") return make_lenet(rng, classes);
  if (o.model == "cnn") return make_cnn(rng, classes);
  return make_mlp(o.hidden, o.dropout, rng, classes);
}

std::unique_ptr<Optimizer> make_optimizer(const TrainOptions& o, const Parameters& parameters) {
  const double rate = o.learning_rate > 0 ? o.learning_rate : o.optimizer == "sgd" ? 0.1 : 0.001;
  if (o.optimizer == "sgd") {
    return std::make_unique<SGD>(
        parameters,
        SGDOptions{.learning_rate = rate, .momentum = o.momentum, .weight_decay = o.weight_decay});
  }
  if (o.optimizer == "adam") {
    return std::make_unique<Adam>(
        parameters, AdamOptions{.learning_rate = rate, .weight_decay = o.weight_decay});
  }
  if (o.optimizer == "adamw") {
    return std::make_unique<AdamW>(
        parameters, AdamWOptions{.learning_rate = rate, .weight_decay = o.weight_decay});
  }
  return std::make_unique<RMSprop>(
      parameters, RMSpropOptions{.learning_rate = rate, .weight_decay = o.weight_decay});
}

// The factor by which a schedule changes the learning rate in a step of the run, from 0.
double schedule_factor(const std::string& schedule, int step, int steps) {
  if (schedule == "step") return step_decay(step, std::max(1, steps / 3));  // to 1/10 at each third
  if (schedule == "exponential")
    return exponential_decay(step, std::pow(0.01, 1.0 / steps));  // to 1/100 at the end
  if (schedule == "cosine") return cosine_decay(step, steps);
  if (schedule == "one-cycle") return one_cycle(step, steps);
  return 1;
}

// The share of each class among the labels.
std::vector<Real> class_frequencies(const Dataset& data) {
  std::vector<Real> share(static_cast<std::size_t>(data.classes));
  for (const int label : data.labels)
    share[static_cast<std::size_t>(label)] += Real(1) / static_cast<Real>(data.size());
  return share;
}

// Replaces the labels by what smoothing makes of them: rows of probabilities.
void labels_to_rows(Dataset& data, double smoothing) {
  const auto classes = static_cast<std::size_t>(data.classes);
  data.targets.assign(data.labels.size() * classes, static_cast<Real>(smoothing / data.classes));
  for (std::size_t i = 0; i < data.labels.size(); ++i)
    data.targets[i * classes + static_cast<std::size_t>(data.labels[i])] +=
        static_cast<Real>(1 - smoothing);
  data.labels.clear();
}

CrossEntropyOptions loss_options(const TrainOptions& o, const std::vector<Real>& prior) {
  if (o.targets == "smooth") return {.label_smoothing = o.smoothing};
  if (o.targets == "prior") return {.label_smoothing = o.smoothing, .smoothing_prior = prior};
  return {};
}

// The file of --log, a line of JSON at a time; without a path nothing is written.
class Log {
 public:
  explicit Log(std::string path) : path_(std::move(path)) {
    if (!path_.empty()) file_.open(path_);
  }

  void write(const nlohmann::json& line) {
    if (path_.empty()) return;
    file_ << line << std::endl;  // NOLINT(performance-avoid-endl): whoever watches sees it at once
    if (!file_) throw std::runtime_error(path_ + ": cannot be written");
  }

 private:
  std::string path_;
  std::ofstream file_;
};

nlohmann::json to_json(const Metrics& metrics) {
  return {{"images", metrics.count()},
          {"accuracy", metrics.accuracy()},
          {"nll", metrics.nll()},
          {"brier", metrics.brier()},
          {"confidence", metrics.mean_confidence()},
          {"overconfidence", metrics.overconfidence()},
          {"ece", metrics.ece()}};
}

void print_heading() {
  std::printf("%33s on the test images:\n%5s  %8s  %9s  %9s  %8s  %10s  %6s  %5s\n", "", "epoch",
              "loss", "accuracy", "accuracy", "NLL", "confidence", "ECE", "sec");
  std::fflush(stdout);
}

void print_epoch(int epoch, const Progress& training, const Metrics& test, double seconds) {
  std::printf("%5d  %8.4f  %7.2f %%  %7.2f %%  %8.4f  %8.2f %%  %6.4f  %5.1f\n", epoch,
              training.loss(), 100 * training.accuracy(), 100 * test.accuracy(), test.nll(),
              100 * test.mean_confidence(), test.ece(), seconds);
  std::fflush(stdout);
}

// What the steps of a run work with.
struct Training {
  Sequential& model;
  Optimizer& optimizer;
  double learning_rate;  // before the schedule
  DataLoader& batches;
  CrossEntropyOptions loss_options;
  Tape& tape;
  Profile* profile;  // null: none is wanted

  void lap(const char* what) const {
    if (profile != nullptr) profile->lap(what);
  }
};

// Trains for one epoch, counted from 1, and says how well the network did on the way.
Progress train_epoch(const Training& t, const TrainOptions& o, int epoch) {
  const int steps = o.epochs * t.batches.size();
  int step = (epoch - 1) * t.batches.size();
  Progress progress("epoch " + std::to_string(epoch) + "/" + std::to_string(o.epochs),
                    t.batches.samples());
  for (const Batch& batch : t.batches) {
    t.optimizer.set_learning_rate(t.learning_rate * schedule_factor(o.schedule, step++, steps));
    t.tape.clear();
    t.lap("load a batch, and the rest");
    const Tensor logits = t.model.forward(t.tape.input(batch.inputs));
    const Tensor loss = batch.labels.empty()
                            ? softmax_cross_entropy(logits, batch.targets, t.loss_options)
                            : softmax_cross_entropy(logits, batch.labels, t.loss_options);
    t.optimizer.zero_grad();
    t.tape.backward(loss);
    if (o.clip > 0) clip_grad_norm(t.optimizer, o.clip);
    t.optimizer.step();
    t.lap("optimizer");
    progress.add_step(batch, logits, loss);
  }
  progress.clear_line();
  return progress;
}

void train(const TrainOptions& o) {
#ifdef _OPENMP
  if (o.threads > 0) omp_set_num_threads(o.threads);
#endif
  print_machine();
  Mnist data = load_dataset(o.dataset, o.folder, sample_shape(o));
  std::vector<Real> prior;
  if (o.targets == "prior") prior = class_frequencies(data.train);
  if (o.targets == "rows") labels_to_rows(data.train, o.smoothing);

  Rng rng(o.seed);
  Sequential model = make_model(o, rng, data.train.classes);
  std::printf("%s", summary(model, sample_shape(o)).c_str());
  const std::unique_ptr<Optimizer> optimizer = make_optimizer(o, model.parameters());
  DataLoader batches(data.train,
                     {.batch_size = o.batch, .shuffle = true, .augmentation = o.augmentation}, rng);
  DataLoader test(data.test, {.batch_size = 1000});
  Log log(o.log);
  log.write(to_json(o, optimizer->learning_rate()));
  if (std::int64_t{o.epochs} * batches.size() > std::numeric_limits<int>::max())
    throw std::runtime_error("more than 2^31 steps: fewer epochs or larger batches are needed");

  Tape tape;
  Profile profile;
  if (o.profile) tape.observe([&](const std::string& what) { profile.lap(what); });
  const Training training{.model = model,
                          .optimizer = *optimizer,
                          .learning_rate = optimizer->learning_rate(),
                          .batches = batches,
                          .loss_options = loss_options(o, prior),
                          .tape = tape,
                          .profile = o.profile ? &profile : nullptr};
  print_heading();
  const Stopwatch run;
  for (int epoch = 1; epoch <= o.epochs; ++epoch) {
    const Stopwatch watch;
    const Progress progress = train_epoch(training, o, epoch);
    const Metrics metrics = evaluate(model, test);
    training.lap("evaluation");
    print_epoch(epoch, progress, metrics, watch.seconds());
    log.write({{"epoch", epoch},
               {"loss", progress.loss()},
               {"accuracy", progress.accuracy()},
               {"test", to_json(metrics)},
               {"seconds", run.seconds()}});
  }
  if (o.profile) std::printf("\n%s", profile.to_text().c_str());
}
}  // namespace

int main(int argc, char** argv) {
  CLI::App app;
  TrainOptions options;
  declare(app, options);
  CLI11_PARSE(app, argc, argv);
  return run_app([&] {
    if (options.model != "mlp" && app.count("--hidden") + app.count("--dropout") > 0)
      throw std::runtime_error("--hidden and --dropout are for --model mlp");
    train(options);
  });
}
