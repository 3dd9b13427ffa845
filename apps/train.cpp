// The demo trainer: one network, one run, everything chosen on the command line.
#include <omp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "common.h"
#include "models.h"

using namespace temper;

namespace {
struct Options {
  std::string dataset = "mnist", folder;
  Augmentation augmentation;
  std::string model = "mlp";
  std::vector<int> hidden = {128};
  double dropout = 0;
  std::string targets = "hard";
  double smoothing = 0.1;
  std::string optimizer = "sgd", schedule = "constant";
  double learning_rate = 0, momentum = 0.9, weight_decay = 0, clip = 0;
  int epochs = 5, batch = 64, threads = 0;
  std::uint64_t seed = 42;
  std::string log;
  bool profile = false;
};

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", x);
  return text;
}

// A finite number from low on: CLI11's own checks let NaN pass.
CLI::Validator at_least(double low, double high = std::numeric_limits<double>::max()) {
  const auto check = [=](const std::string& text) {
    const double x = std::atof(text.c_str());
    return x >= low && x <= high ? std::string()
                                 : text + " is not a number from " + number(low) +
                                       (high < 1e100 ? " to " + number(high) : " on");
  };
  return {check, "", "at_least"};
}

void declare(CLI::App& app, Options& o) {
  app.description(
      "Trains a network on images of 28 x 28 and says after each epoch how good it is.\n\n"
      "  train                                     784-128-10 on MNIST, hard targets\n"
      "  train --targets smooth --smoothing 0.1    the same with label smoothing\n"
      "  train --model cnn --epochs 3              a convolutional network\n"
      "  train --dataset digits                    needs no data: temper draws the digits\n"
      "  train --shift 2 --rotation 10 --elastic 1 --epochs 20    images changed at random\n"
      "  train --hidden 512,512 --dropout 0.2 --optimizer adam --schedule cosine --epochs 20");
  app.option_defaults()->always_capture_default();

  app.option_defaults()->group("Data");
  app.add_option("--dataset", o.dataset, "mnist, fashion-mnist or digits (built in)")
      ->check(CLI::IsMember({"mnist", "fashion-mnist", "digits"}));
  app.add_option("--data", o.folder,
                 "Its folder; else $TEMPER_DATA, ./data, the cache are searched");

  app.option_defaults()->group(
      "Augmentation: how each epoch changes the training images at random");
  Augmentation& a = o.augmentation;
  app.add_option("--shift", a.shift, "By up to so many pixels along each axis");
  app.add_option("--rotation", a.rotation, "By up to so many degrees either way");
  app.add_option("--scale", a.scale, "By a factor from 1 - scale to 1 + scale");
  app.add_option("--elastic", a.elastic, "Bent by so many pixels: 1 is moderate, 2 is much");
  app.add_option("--erase", a.erase, "Probability that a rectangle of 2 to 30 % is blank");
  app.add_option("--flip", a.flip, "Probability of left and right reversed; 0.5 suits clothes");

  app.option_defaults()->group("Network");
  app.add_option("--model", o.model,
                 "mlp; lenet: LeNet-5; cnn: two convolutions, the network of PyTorch's example")
      ->check(CLI::IsMember({"mlp", "lenet", "cnn"}));
  app.add_option("--hidden", o.hidden, "Widths of the hidden layers of mlp")
      ->delimiter(',')
      ->check(CLI::Range(1, 1 << 16));
  app.add_option("--dropout", o.dropout, "Share of the hidden units of mlp to drop")
      ->check(at_least(0, 0.99));

  app.option_defaults()->group("Targets: what the network is told about an image of class y");
  app.add_option(
         "--targets", o.targets,
         "hard: it is y; smooth: it is y with probability 1 - e, and the e is shared by all "
         "classes alike; "
         "prior: the e is shared as often as the classes occur; rows: as smooth, but given as "
         "rows of probabilities (the same numbers)")
      ->check(CLI::IsMember({"hard", "smooth", "prior", "rows"}));
  app.add_option("--smoothing", o.smoothing, "The e of smooth, prior and rows")
      ->check(at_least(0, 1));

  app.option_defaults()->group("Optimization");
  app.add_option("--optimizer", o.optimizer, "sgd, adam, adamw or rmsprop")
      ->check(CLI::IsMember({"sgd", "adam", "adamw", "rmsprop"}));
  app.add_option("--learning-rate", o.learning_rate,
                 "Step size; 0: 0.1 for sgd, 0.001 for the others")
      ->check(at_least(0));
  app.add_option("--momentum", o.momentum, "Of sgd")->check(at_least(0, 0.9999));
  app.add_option("--weight-decay", o.weight_decay, "Pull of the weights towards 0")
      ->check(at_least(0));
  app.add_option("--schedule", o.schedule,
                 "The learning rate over the run: constant, step, exponential, cosine, one-cycle")
      ->check(CLI::IsMember({"constant", "step", "exponential", "cosine", "one-cycle"}));
  app.add_option("--clip", o.clip, "Largest norm of the gradient; 0: any")->check(at_least(0));

  app.option_defaults()->group("Run");
  app.add_option("--epochs", o.epochs, "Passes through the training images")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--batch", o.batch, "Images per step")->check(CLI::Range(1, 1 << 20));
  app.add_option("--seed", o.seed, "The same seed gives the same bits, on any number of threads");
  app.add_option("--threads", o.threads, "0: as many as OpenMP would take")
      ->check(CLI::Range(0, 256));
  app.add_flag("--profile", o.profile, "Say at the end where the time of the training steps went");
  app.add_option("--log", o.log, "Write lines of JSON to this file: the options, then each epoch");
}

std::unique_ptr<Optimizer> make_optimizer(const Options& o, const Parameters& parameters) {
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

// The factor of the learning rate in a step of the run.
double scheduled(const std::string& schedule, int step, int steps) {
  if (schedule == "step") return step_decay(step, std::max(1, steps / 3));  // to 1/10 at each third
  if (schedule == "exponential")
    return exponential_decay(step, std::pow(0.01, 1.0 / steps));  // to 1/100
  if (schedule == "cosine") return cosine_decay(step, steps);
  if (schedule == "one-cycle") return one_cycle(step, steps);
  return 1;
}

// How often each class occurs.
std::vector<Real> class_frequencies(const Dataset& data) {
  std::vector<Real> share(static_cast<std::size_t>(data.classes));
  for (const int label : data.labels)
    share[static_cast<std::size_t>(label)] += Real(1) / static_cast<Real>(data.size());
  return share;
}

// The labels as smoothed rows of probabilities.
void labels_to_rows(Dataset& data, double smoothing) {
  const auto classes = static_cast<std::size_t>(data.classes);
  data.targets.assign(data.labels.size() * classes, static_cast<Real>(smoothing / data.classes));
  for (std::size_t i = 0; i < data.labels.size(); ++i)
    data.targets[i * classes + static_cast<std::size_t>(data.labels[i])] +=
        static_cast<Real>(1 - smoothing);
  data.labels.clear();
}

nlohmann::json to_json(const Metrics& metrics) {
  return {{"images", metrics.count()},
          {"accuracy", metrics.accuracy()},
          {"nll", metrics.nll()},
          {"brier", metrics.brier()},
          {"confidence", metrics.mean_confidence()},
          {"overconfidence", metrics.overconfidence()},
          {"ece", metrics.ece()}};
}

void train(const Options& o) {
  if (o.threads > 0) omp_set_num_threads(o.threads);
  print_machine();
  const Shape sample = o.model == "mlp" ? Shape{784} : Shape{1, 28, 28};
  Mnist data = load_dataset(o.dataset, o.folder, sample);

  std::vector<Real> prior;
  CrossEntropyOptions loss_options;
  if (o.targets == "smooth" || o.targets == "prior") loss_options.label_smoothing = o.smoothing;
  if (o.targets == "prior") loss_options.smoothing_prior = prior = class_frequencies(data.train);
  if (o.targets == "rows") labels_to_rows(data.train, o.smoothing);

  Rng rng(o.seed);
  Sequential model = o.model == "lenet" ? make_lenet(rng)
                     : o.model == "cnn" ? make_cnn(rng)
                                        : make_mlp(o.hidden, o.dropout, rng);
  std::printf("%s", summary(model, sample).c_str());
  const Parameters parameters = model.parameters();
  const std::unique_ptr<Optimizer> optimizer = make_optimizer(o, parameters);
  const double learning_rate = optimizer->learning_rate();
  DataLoader batches(data.train,
                     {.batch_size = o.batch, .shuffle = true, .augmentation = o.augmentation}, rng);
  DataLoader test(data.test, {.batch_size = 1000});

  std::ofstream log;
  const auto write = [&](const nlohmann::json& line) {
    if (!(log << line << std::endl)) throw std::runtime_error(o.log + ": cannot be written");
  };
  if (!o.log.empty()) {
    log.open(o.log);
    write({{"dataset", o.dataset},
           {"augmentation",
            {{"shift", o.augmentation.shift},
             {"rotation", o.augmentation.rotation},
             {"scale", o.augmentation.scale},
             {"elastic", o.augmentation.elastic},
             {"erase", o.augmentation.erase},
             {"flip", o.augmentation.flip}}},
           {"model", o.model},
           {"hidden", o.hidden},
           {"dropout", o.dropout},
           {"targets", o.targets},
           {"smoothing", o.smoothing},
           {"optimizer", o.optimizer},
           {"learning_rate", learning_rate},
           {"momentum", o.momentum},
           {"weight_decay", o.weight_decay},
           {"schedule", o.schedule},
           {"clip", o.clip},
           {"epochs", o.epochs},
           {"batch", o.batch},
           {"seed", o.seed},
           {"blas", blas_description()},
           {"version", TEMPER_VERSION}});
  }

  if (std::int64_t{o.epochs} * batches.size() > std::numeric_limits<int>::max())
    throw std::runtime_error("more than 2^31 steps: fewer epochs or larger batches are needed");
  std::printf("%33s on the test images:\n%5s  %8s  %9s  %9s  %8s  %10s  %6s  %5s\n", "", "epoch",
              "loss", "accuracy", "accuracy", "NLL", "confidence", "ECE", "sec");
  std::fflush(stdout);
  Tape tape;
  Profile profile;
  const auto lap = [&](const char* what) {
    if (o.profile) profile.lap(what);
  };
  if (o.profile) tape.observe([&](const std::string& part) { profile.lap(part); });
  const Stopwatch run;
  int step = 0;
  for (int epoch = 1; epoch <= o.epochs; ++epoch) {
    const Stopwatch watch;
    const std::string name = "epoch " + std::to_string(epoch) + "/" + std::to_string(o.epochs);
    Progress progress(name, batches.samples());
    Average loss_average, accuracy_average;
    for (const Batch& batch : batches) {
      optimizer->set_learning_rate(learning_rate *
                                   scheduled(o.schedule, step++, o.epochs * batches.size()));
      tape.clear();
      lap("load a batch, and the rest");
      const Tensor logits = model.forward(tape.input(batch.inputs));
      const Tensor loss = batch.labels.empty()
                              ? softmax_cross_entropy(logits, batch.targets, loss_options)
                              : softmax_cross_entropy(logits, batch.labels, loss_options);
      optimizer->zero_grad();
      tape.backward(loss);
      if (o.clip > 0) clip_grad_norm(*optimizer, o.clip);
      optimizer->step();
      lap("optimizer");
      loss_average.add(loss.item(), batch.size());
      const double correct = share_correct(logits, batch);
      accuracy_average.add(correct, batch.size());
      progress.advance(batch.size(), loss.item(), correct);
    }
    progress.clear();
    const Metrics metrics = evaluate(model, test);
    lap("evaluation");
    std::printf("%5d  %8.4f  %7.2f %%  %7.2f %%  %8.4f  %8.2f %%  %6.4f  %5.1f\n", epoch,
                loss_average.mean(), 100 * accuracy_average.mean(), 100 * metrics.accuracy(),
                metrics.nll(), 100 * metrics.mean_confidence(), metrics.ece(), watch.seconds());
    std::fflush(stdout);
    if (log.is_open()) {
      write({{"epoch", epoch},
             {"loss", loss_average.mean()},
             {"accuracy", accuracy_average.mean()},
             {"test", to_json(metrics)},
             {"seconds", run.seconds()}});
    }
  }
  if (o.profile) std::printf("\n%s", to_text(profile).c_str());
}
}  // namespace

int main(int argc, char** argv) {
  CLI::App app;
  Options options;
  declare(app, options);
  CLI11_PARSE(app, argc, argv);
  return run_app([&] {
    if (options.model != "mlp" && app.count("--hidden") + app.count("--dropout") > 0)
      throw std::runtime_error("--hidden and --dropout are for --model mlp");
    train(options);
  });
}
