#include "calibration.h"

#include <cmath>
#include <map>

#include "panel.h"
#include "text.h"

namespace temper::lab {
Picture calibration_bars(const Selection& from) {
  Picture picture{.title = "A temperature beside smoothing",
                  .see =
                      "Shorter is better: what smoothing does to calibration, and what one "
                      "temperature does that is fitted on held-out images afterwards. A line is "
                      "the 95 % interval of the mean over the seeds.",
                  .key = {{"as trained", 2, 1, true}, {"with a temperature", 1, 1, true}}};
  for (const std::string& dataset : from.datasets) {
    std::vector<Bar> all;
    for (const Arm& arm : from.arms) {
      const auto results = from.of(dataset, arm);
      if (const Spread ece = number_of(results, "ece"); ece.n > 0) {
        all.push_back({arm.name, ece, 2});
        all.push_back({arm.name + " and a temperature", number_of(results, "ece_scaled"), 1});
      }
    }
    if (!all.empty()) picture.panels.push_back(bars(dataset_title(dataset), "ece", all, picture));
  }
  return picture;
}

Picture smoothing_sweep(const Selection& from) {
  Picture picture{
      .title = "Calibration by the amount of smoothing",
      .see =
          "Theory puts the smallest error of calibration at the dashed vertical line; the other "
          "dashed line is what one temperature, fitted afterwards, makes of the same networks.",
      .key = {{"ECE", 2, 1},
              {"ECE after temperature scaling", 1, 2},
              {"ECE of a perfect model", 9, 3},
              {"predicted best: error · C/(C − 1)", 8, 2}}};
  constexpr double classes = 10;
  for (const std::string& dataset : from.datasets) {
    std::map<double, std::vector<const Result*>> by_smoothing;
    for (const Arm& arm : from.arms)
      if (auto found = from.of(dataset, arm); !found.empty())
        by_smoothing[arm.smoothing] = std::move(found);
    if (by_smoothing.size() < 2) continue;
    std::vector<double> x;
    std::vector<Curve> all = {{picture.key[0], {}}, {picture.key[1], {}}, {picture.key[2], {}}};
    double lowest = 0, lowest_at = 0;
    for (const auto& [smoothing, results] : by_smoothing) {
      const Spread ece = number_of(results, "ece");
      if (x.empty() || ece.mean < lowest) lowest = ece.mean, lowest_at = smoothing;
      x.push_back(smoothing);
      all[0].points.push_back(ece);
      all[1].points.push_back(number_of(results, "ece_scaled"));
      all[2].points.push_back(number_of(results, "ece_perfect"));
    }
    const double best =
        number_of(by_smoothing.begin()->second, "error").mean * classes / (classes - 1);
    std::string settings =
        "set yrange [0:*]\nset xlabel 'smoothing' offset 0,0.5\nset ylabel 'ECE %' offset 1\n";
    std::string caption = dataset_title(dataset) + ": lowest at " + plain(lowest_at);
    if (std::isfinite(best)) {
      settings += "best = " + plain(best) +
                  "\nset arrow from best, graph 0 to best, graph 1 nohead lc 8 lw 1.5 dt 2\n";
      caption += ", predicted at " + fixed(best, 3);
    }
    picture.panels.push_back(
        curves(caption, "smoothing", x, all, settings, "linespoints pt 7 ps 0.4", picture, 100));
  }
  return picture;
}

Picture risk_coverage(const Selection& from) {
  Picture picture{
      .title = "Risk and coverage",
      .see =
          "When the network may decline the images it is least sure of, errors should vanish "
          "quickly to the left: the lower curve knows better when it is wrong."};
  for (const std::string& dataset : from.datasets) {
    const std::vector<Curve> all = arm_curves(from, dataset, "risk_coverage", picture);
    if (!all.empty())
      picture.panels.push_back(
          curves(dataset_title(dataset), "coverage %", steps(all, 100), all,
                 "set yrange [0:*]\nset xlabel 'images answered %' offset 0,0.5\n"
                 "set ylabel 'errors among them %' offset 1\n",
                 "lines", picture, 100));
  }
  return picture;
}
}  // namespace temper::lab
