// Whether confidence can be believed: reliability, right and wrong, smoothing, coverage.
#include <algorithm>
#include <cmath>
#include <map>

#include "panel.h"

namespace temper::lab {

namespace {
std::string percent(double share) { return fixed(100 * share, 1) + "\u00a0%"; }

// Of bin b, in percent.
std::string edge(std::size_t b, std::size_t bins) {
  return plain(100.0 * static_cast<double>(b) / static_cast<double>(bins));
}
}  // namespace

Picture reliability_diagrams(const Selection& from) {
  Picture picture{
      .title = "Reliability diagrams",
      .see =
          "A bar is the accuracy of the answers given with that confidence: it should end at the "
          "diagonal, what is missing or too much is red, and below is the share of the images.",
      .key = {{"accuracy", 2, 1, true}, {"distance to the confidence", 8, 1, true}}};
  if (std::ranges::any_of(from.results, [&](const Result& result) {
        return result.run.study == from.study && result.series.contains("bin_perfect_low");
      })) {
    picture.key.push_back({"perfect model", 9});
    picture.see.insert(picture.see.size() - 1,
                       "; where the bars of a perfectly calibrated model would end is a thin line");
  }
  picture.columns = from.arms.size() == 3 ? 3 : 2;
  for (const std::string& dataset : from.datasets) {
    for (const std::string& arm : from.arms) {
      const auto results = results_of(from.results, from.study, dataset, arm);
      const auto counts = series_of(results, "bin_count"),
                 correct = series_of(results, "bin_correct"),
                 confidence = series_of(results, "bin_confidence"),
                 low = series_of(results, "bin_perfect_low"),
                 high = series_of(results, "bin_perfect_high");
      const std::size_t bins = counts.size();
      if (bins == 0 || correct.size() != bins || confidence.size() != bins) continue;
      Table table{{"from %", "to %", "images %", "confidence %", "accuracy %", "perfect from %",
                   "perfect to %"},
                  {}};
      double images = 0;
      for (const Spread& bin : counts) images += bin.mean;
      for (std::size_t b = 0; b < bins; ++b) {
        const auto at = [&](const std::vector<Spread>& band) {
          return b < band.size() && counts[b].mean > 0 ? plain(100 * band[b].mean) : "?";
        };
        const double n = counts[b].mean;
        table.rows.push_back({edge(b, bins), edge(b + 1, bins), plain(100 * n / images),
                              plain(100 * confidence[b].mean / n), plain(100 * correct[b].mean / n),
                              at(low), at(high)});
      }
      std::string caption = dataset_title(dataset) + ", " + arm;
      if (const Spread ece = number_of(results, "ece"); ece.n > 0) {
        caption += ": ECE " + percent(ece.mean);
        if (const Spread perfect = number_of(results, "ece_perfect"); perfect.n > 0)
          caption += " (perfect model: " + percent(perfect.mean) + ")";
      }
      picture.panels.push_back(panel(caption, std::move(table), R"(
min(a,b) = a < b ? a : b; max(a,b) = a < b ? b : a
set multiplot
set lmargin at screen 0.13; set rmargin at screen 0.97
set tmargin at screen 0.97; set bmargin at screen 0.37
set xrange [0:100]; set yrange [0:100]
set xtics 20 format ""; set ytics 20; set ylabel "accuracy %" offset 1
plot $data using (($1+$2)/2):5:1:2:(0):(min($4,$5)) with boxxyerror lc 2 fs transparent solid 0.4, \
  $data using (($1+$2)/2):5:1:2:(min($4,$5)):(max($4,$5)) with boxxyerror lc 8 fs transparent solid 0.35, \
  $data using 1:5:($2-$1):(0) with vectors nohead lc 2 lw 2, x lc 9 lw 1 dt 2, \
  $data using (($1+$2)/2):6:(0):($7-$6) with vectors nohead lc rgb "black" lw 0.8
set tmargin at screen 0.31; set bmargin at screen 0.13
set logscale y; set yrange [0.005:150]
set xtics 20 format "%g"; set ytics (0.01, 1, 100); set ylabel "images %"
set xlabel "confidence %" offset 0,0.5
plot $data using (($1+$2)/2):3:1:2:(0.005):3 with boxxyerror lc 9 fs transparent solid 0.6
)",
                                     400, picture));
    }
  }
  return picture;
}

Picture calibration_bars(const Selection& from) {
  Picture picture{.title = "A temperature beside smoothing",
                  .see =
                      "Shorter is better: what smoothing does to calibration, and what one "
                      "temperature does that is fitted on held-out images afterwards. A line is "
                      "the 95 % interval of the mean over the seeds.",
                  .key = {{"as trained", 2, 1, true}, {"with a temperature", 1, 1, true}}};
  for (const std::string& dataset : from.datasets) {
    std::vector<Bar> all;
    for (const std::string& arm : from.arms) {
      const auto results = results_of(from.results, from.study, dataset, arm);
      if (const Spread ece = number_of(results, "ece"); ece.n > 0) {
        all.push_back({arm, ece, 2});
        all.push_back({arm + " and a temperature", number_of(results, "ece_scaled"), 1});
      }
    }
    if (!all.empty())
      picture.panels.push_back(
          bars(dataset_title(dataset), "calibration error (ECE) %", all, picture, 100));
  }
  return picture;
}

Picture confidence_histograms(const Selection& from) {
  Picture picture{
      .title = "How sure it is when right, and when wrong",
      .see =
          "Where the wrong answers (outlined) pile up at the right, the network is wrong and sure "
          "of it; the further apart both lie, the more its confidence is worth.",
      .key = {{"of the right answers", 6, 1, true}, {"of the wrong answers", 8, 1, true}}};
  picture.columns = from.arms.size() == 3 ? 3 : 2;
  for (const std::string& dataset : from.datasets) {
    for (const std::string& arm : from.arms) {
      const auto results = results_of(from.results, from.study, dataset, arm);
      const auto right = series_of(results, "confident_correct"),
                 wrong = series_of(results, "confident_wrong");
      const std::size_t bins = right.size();
      if (bins == 0 || wrong.size() != bins) continue;
      double all_right = 0, all_wrong = 0;
      for (std::size_t b = 0; b < bins; ++b) all_right += right[b].mean, all_wrong += wrong[b].mean;
      Table table{{"from %", "to %", "% of the right", "% of the wrong"}, {}};
      for (std::size_t b = 0; b < bins; ++b)
        table.rows.push_back({edge(b, bins), edge(b + 1, bins),
                              plain(100 * right[b].mean / all_right),
                              plain(100 * wrong[b].mean / all_wrong)});
      const std::string caption = dataset_title(dataset) + ", " + arm + ": " +
                                  percent(all_wrong / (all_right + all_wrong)) + " wrong";
      picture.panels.push_back(panel(caption, std::move(table), R"(
set lmargin at screen 0.13; set rmargin at screen 0.97
set xrange [0:100]; set yrange [0:100]
set xtics 20; set ytics 20
set xlabel "confidence %" offset 0,0.5; set ylabel "share %" offset 1
plot $data using (($1+$2)/2):3:1:2:(0):3 with boxxyerror lc 6 fs transparent solid 0.4, \
  $data using (($1+$2)/2):4:1:2:(0):4 with boxxyerror lc 8 lw 1 fs transparent solid 0.12 border
)",
                                     260, picture));
    }
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
    for (const std::string& arm : from.arms)
      if (const auto number = leading_number(arm.substr(std::min(arm.size(), arm.find(' ') + 1))))
        if (auto found = results_of(from.results, from.study, dataset, arm); !found.empty())
          by_smoothing[number->first] = std::move(found);
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
