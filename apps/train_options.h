// What can be chosen about a run of the demo trainer: on the command line, and in its log.
#pragma once

#include <temper.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace temper {
struct TrainOptions {
  std::string dataset = "mnist", folder;
  Augmentation augmentation;
  std::string model = "mlp";
  std::vector<int> hidden = {128};
  double dropout = 0;
  std::string targets = "hard";
  double smoothing = 0.1;
  std::string optimizer = "sgd", schedule = "constant";
  double learning_rate = 0;                           // 0: what suits the optimizer
  double momentum = 0.9, weight_decay = 0, clip = 0;  // clip 0: gradients of any norm
  int epochs = 5, batch = 64, threads = 0;
  std::uint64_t seed = 42;
  std::string log;
  bool profile = false;
};

// Adds the description of the program and every option, with its check, to the command line.
void declare(CLI::App& app, TrainOptions& o);

// The first line of the log: the options with the learning rate that the optimizer really has, the
// BLAS and the version.
nlohmann::json to_json(const TrainOptions& o, double learning_rate);
}  // namespace temper
