// The options of the demo trainer, one by one: their help, their checks, their names in the log.
#include "train_options.h"

#include "common/options.h"

namespace temper {

namespace {
nlohmann::json to_json(const Augmentation& a) {
  return {{"shift", a.shift},     {"rotation", a.rotation}, {"scale", a.scale},
          {"elastic", a.elastic}, {"erase", a.erase},       {"flip", a.flip}};
}
}  // namespace

void declare(CLI::App& app, TrainOptions& o) {
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
  add_data_options(app, o.dataset, o.folder);

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
  add_length_options(app, o.epochs, o.batch);
  app.add_option("--seed", o.seed, "The same seed gives the same bits, on any number of threads");
  app.add_option("--threads", o.threads, "0: as many as OpenMP would take")
      ->check(CLI::Range(0, 256));
  app.add_flag("--profile", o.profile, "Say at the end where the time of the training steps went");
  app.add_option("--log", o.log, "Write lines of JSON to this file: the options, then each epoch");
}

nlohmann::json to_json(const TrainOptions& o, double learning_rate) {
  return {{"dataset", o.dataset},
          {"augmentation", to_json(o.augmentation)},
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
          {"version", TEMPER_VERSION}};
}
}  // namespace temper
