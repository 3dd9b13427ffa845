// Results as lines of JSON: {"study", "dataset", "arm", "seed", "quick", "numbers", "series",
// "about"}. A number that is not finite is null, for which JSON has no other word.
#include "result.h"

#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

namespace temper::lab {
namespace {
using nlohmann::json;

double number(const json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}
}  // namespace

std::string to_line(const Result& result) {
  const Run& run = result.run;
  const json line = {{"study", run.study},      {"dataset", run.dataset},
                     {"arm", run.arm},          {"seed", run.seed},
                     {"quick", run.quick},      {"numbers", result.numbers},
                     {"series", result.series}, {"about", result.about}};
  // a byte that is no UTF-8 (of a path, say) must not lose a training
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result from_line(const std::string& line) {
  try {
    const json object = json::parse(line);
    Result result;
    Run& run = result.run;
    object.at("study").get_to(run.study);
    object.at("dataset").get_to(run.dataset);
    object.at("arm").get_to(run.arm);
    object.at("seed").get_to(run.seed);
    run.quick = object.value("quick", false);
    for (const auto& [name, value] : object.at("numbers").items())
      result.numbers[name] = number(value);
    const json all = object.value("series", json::object());
    for (const auto& [name, values] : all.items()) {
      std::vector<double>& series = result.series[name];
      for (const json& value : values) series.push_back(number(value));
    }
    result.about = object.value("about", result.about);
    return result;
  } catch (const json::exception& error) {
    throw std::runtime_error("this is no line of results: " + line.substr(0, 60) + " (" +
                             error.what() + ")");
  }
}

std::vector<Result> read_results(const std::string& path) {
  std::ifstream file(path);
  std::vector<Result> results;
  std::map<Run, std::size_t> places;
  std::string line;
  while (std::getline(file, line) &&
         !file.eof()) {  // at the end of the file: a line without its end
    try {
      Result result = from_line(line);
      const auto [place, first] = places.try_emplace(result.run, results.size());
      if (first)
        results.push_back(std::move(result));
      else
        results[place->second] = std::move(result);
    } catch (const std::runtime_error&) {  // torn by a sweep that was killed, or not ours
    }
  }
  return results;
}

std::vector<Result> best_results(std::vector<Result> results) {
  std::set<std::string> full;
  for (const Result& result : results)
    if (!result.run.quick) full.insert(result.run.study);
  std::erase_if(results, [&](const Result& result) {
    return result.run.quick && full.contains(result.run.study);
  });
  return results;
}
}  // namespace temper::lab
