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
  add_number(app, "--shift", a.shift, "By up to so many pixels along each axis", 0);
  add_number(app, "--rotation", a.rotation, "By up to so many degrees either way", 0);
  add_number(app, "--scale", a.scale, "By a factor from 1 - scale to 1 + scale", 0);
  add_number(app, "--elastic", a.elastic, "Bent by so many pixels: 1 is moderate, 2 is much", 0);
  add_number(app, "--erase", a.erase, "Probability that a rectangle of 2 to 30 % is blank", 0);
  add_number(app, "--flip", a.flip, "Probability of left and right reversed; 0.5 suits clothes", 0);

  app.option_defaults()->group("Network");
  app.add_option("--model", o.model,
                 "mlp; lenet: LeNet-5; cnn: two convolutions, the network of PyTorch's example")
      ->check(CLI::IsMember({"mlp", "lenet", "cnn"}));
  add_numbers(app, "--hidden", o.hidden, "Widths of the hidden layers of mlp", 1, 1 << 16);
  add_number(app, "--dropout", o.dropout, "Share of the hidden units of mlp to drop", 0, 0.99);

  app.option_defaults()->group("Targets: what the network is told about an image of class y");
  app.add_option(
         "--targets", o.targets,
         "hard: it is y; smooth: it is y with probability 1 - e, and the e is shared by all "
         "classes alike; "
         "prior: the e is shared as often as the classes occur; rows: as smooth, but given as "
         "rows of probabilities (the same numbers)")
      ->check(CLI::IsMember({"hard", "smooth", "prior", "rows"}));
  add_number(app, "--smoothing", o.smoothing, "The e of smooth, prior and rows", 0, 1);

  app.option_defaults()->group("Optimization");
  app.add_option("--optimizer", o.optimizer, "sgd, adam, adamw or rmsprop")
      ->check(CLI::IsMember({"sgd", "adam", "adamw", "rmsprop"}));
  add_number(app, "--learning-rate", o.learning_rate,
             "Step size; 0: 0.1 for sgd, 0.001 for the others", 0);
  add_number(app, "--momentum", o.momentum, "Of sgd", 0, 0.9999);
  add_number(app, "--weight-decay", o.weight_decay, "Pull of the weights towards 0", 0);
  app.add_option("--schedule", o.schedule,
                 "The learning rate over the run: constant, step, exponential, cosine, one-cycle")
      ->check(CLI::IsMember({"constant", "step", "exponential", "cosine", "one-cycle"}));
  add_number(app, "--clip", o.clip, "Largest norm of the gradient; 0: any", 0);

  app.option_defaults()->group("Run");
  add_length_options(app, o.epochs, o.batch);
  add_number(app, "--seed", o.seed, "The same seed gives the same bits, on any number of threads",
             0);
  add_number(app, "--threads", o.threads, "0: as many as OpenMP would take", 0, 256);
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
