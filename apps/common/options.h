// Command-line options that several programs have, and a check of numbers that CLI11 lacks.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "known_datasets.h"

namespace temper {
// --dataset and --data: which data set, and the folder where it is if that is not a usual one.
inline void add_data_options(CLI::App& app, std::string& dataset, std::string& folder) {
  const std::vector<MnistKind>& known = known_datasets();
  std::vector<std::string> names;
  std::string list;  // "mnist, fashion-mnist or digits (built in)"
  for (const MnistKind& one : known) {
    if (!names.empty()) list += &one == &known.back() ? " or " : ", ";
    names.emplace_back(one.name);
    list += names.back() + (is_built_in(one) ? " (built in)" : "");
  }
  app.add_option("--dataset", dataset, list)->check(CLI::IsMember(names));
  app.add_option("--data", folder, "Its folder; else $TEMPER_DATA, ./data, the cache are searched");
}

// --epochs and --batch: how long to train.
inline void add_length_options(CLI::App& app, int& epochs, int& batch) {
  app.add_option("--epochs", epochs, "Passes through the training images")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--batch", batch, "Images per step")->check(CLI::Range(1, 1 << 20));
}

// A finite number from low to high. CLI11's own checks accept NaN.
inline CLI::Validator at_least(double low, double high = std::numeric_limits<double>::max()) {
  const auto text_of = [](double x) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", x);
    return std::string(text);
  };
  const auto check = [=](const std::string& text) {
    const double x = std::atof(text.c_str());
    if (x >= low && x <= high) return std::string();
    const bool bounded = high < std::numeric_limits<double>::max();
    return text + " is not a number from " + text_of(low) +
           (bounded ? " to " + text_of(high) : " on");
  };
  return {check, "", "at_least"};
}
}  // namespace temper
