// Command-line options that several programs have, and how all of them read numbers.
#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "known_datasets.h"

namespace temper {
// The number that a text says. Throws std::runtime_error, in one sentence, for what is none, also
// infinity and NaN, and for one that is not from low to high.
template <class Number>
Number to_number(const std::string& text, std::type_identity_t<Number> low,
                 std::type_identity_t<Number> high = std::numeric_limits<Number>::max()) {
  if (text.find_first_of("0123456789") == std::string::npos)
    throw std::runtime_error('"' + text + "\" is not a number");
  Number x{};
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data() + text.starts_with('+'), end, x);
  if (problem != std::errc() || stop != end || !(x >= low && x <= high))
    fail<std::runtime_error>(text, " is not a ", std::is_integral_v<Number> ? "whole " : "",
                             "number from ", low, " to ", high);
  return x;
}

// An option that takes a number from low to high. CLI11 alone lets NaN, numbers that wrap and octal
// ones pass.
template <class Number>
CLI::Option* add_number(CLI::App& app, const std::string& name, Number& value,
                        const std::string& help, std::type_identity_t<Number> low,
                        std::type_identity_t<Number> high = std::numeric_limits<Number>::max()) {
  const auto read = [=](std::string& text) -> std::string {
    try {
      const auto x = to_number<Number>(text, low, high);
      if (std::is_integral_v<Number>) text = to_string(x);
      return "";
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  };
  const bool bounded = high < std::numeric_limits<Number>::max();
  return app.add_option(name, value, help)
      ->transform(CLI::Validator(read, bounded ? to_string(low, " to ", high) : "", name));
}

// The same for a list, with commas or blanks between its numbers.
inline CLI::Option* add_numbers(CLI::App& app, const std::string& name, std::vector<int>& list,
                                const std::string& help, int low, int high) {
  const auto read = [=, &list](const std::vector<std::string>& texts) {
    list.clear();
    for (const std::string& text : texts)
      for (const std::string& part : CLI::detail::split(text + ',', ',')) try {
          list.push_back(to_number<int>(part, low, high));
        } catch (const std::runtime_error& error) {
          throw CLI::ValidationError(name, error.what());
        }
  };
  return app.add_option_function<std::vector<std::string>>(name, read, help)
      ->type_name(to_string("INT,...:", low, " to ", high))
      ->default_str(CLI::detail::join(list));
}

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
  add_number(app, "--epochs", epochs, "Passes through the training images", 1, 1'000'000);
  add_number(app, "--batch", batch, "Images per step", 1, 1 << 20);
}
}  // namespace temper
