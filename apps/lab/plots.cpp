#include "plots.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>

#include "gnuplot.h"
#include "summary.h"

namespace temper::lab {

namespace {
constexpr int width = 420;

// A cell as gnuplot reads it.
std::string quoted(std::string cell) {
  if (cell.find_first_not_of("0123456789+-.e?") == std::string::npos) return cell;
  std::ranges::replace(cell, '"', '\'');
  return '"' + cell + '"';
}

// Draws what the script makes of the numbers, which it calls $data.
Panel panel(const std::string& caption, Table numbers, const std::string& script, int height,
            const Picture& picture) {
  std::string data = "$data << EOD\n";
  for (const auto& row : numbers.rows) {
    for (const std::string& cell : row) data += quoted(cell) + " ";
    data += "\n";
  }
  std::string svg = draw("set datafile missing '?'\n" + data + "EOD\n" + script, width, height,
                         picture.title + ": " + caption, picture.see);
  return {caption, std::move(numbers), std::move(svg)};
}

struct Curve {
  Key key;
  std::vector<Spread> points;
};

// Means with a band of ± sd, of curves that share x.
Panel curves(const std::string& caption, const std::string& x_name, const std::vector<double>& x,
             const std::vector<Curve>& all, const std::string& settings, const std::string& with,
             const Picture& picture, double scale = 1) {
  Table table{{x_name}, {}};
  std::string bands, lines;
  int column = 1;
  for (const Curve& curve : all) {
    table.columns.insert(table.columns.end(), {curve.key.text, "± sd"});
    const std::string y = std::to_string(column + 1), sd = std::to_string(column + 2),
                      color = std::to_string(curve.key.color);
    if (std::ranges::any_of(curve.points, [](const Spread& s) { return s.deviation > 0; }))
      bands += "$data using 1:($" + y + "-$" + sd + "):($" + y + "+$" + sd +
               ") with filledcurves lc " + color + ", ";
    lines += "$data using 1:" + y + " with " + with + " lc " + color + " dt " +
             std::to_string(curve.key.dash) + ", ";
    column += 2;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::vector<std::string>& row = table.rows.emplace_back();
    row.push_back(plain(x[i]));
    for (const Curve& curve : all) {
      const bool there = i < curve.points.size();
      row.push_back(there ? plain(scale * curve.points[i].mean) : "?");
      row.push_back(there ? plain(scale * curve.points[i].deviation) : "?");
    }
  }
  return panel(caption, std::move(table),
               "set lmargin at screen 0.14; set rmargin at screen 0.97\n" + settings + "plot " +
                   bands + lines + "\n",
               280, picture);
}

// Colour and dash of the i-th arm.
Key arm_key(const std::string& arm, std::size_t i) {
  const int color = static_cast<int>(i % 7) + 1;
  return {arm, color, color};
}

// A series of every arm that has it; the picture's key gets those that it lacks.
std::vector<Curve> arm_curves(const Selection& from, const std::string& dataset,
                              const std::string& series, Picture& picture) {
  std::vector<Curve> all;
  for (std::size_t i = 0; i < from.arms.size(); ++i) {
    auto points = series_of(results_of(from.results, from.study, dataset, from.arms[i]), series);
    if (points.empty()) continue;
    const Key key = arm_key(from.arms[i], i);
    if (std::ranges::find(picture.key, key.text, &Key::text) == picture.key.end())
      picture.key.push_back(key);
    all.push_back({key, std::move(points)});
  }
  return all;
}

// 1, 2 … n times the step.
std::vector<double> steps(const std::vector<Curve>& all, double last = 0) {
  std::size_t n = 0;
  for (const Curve& curve : all) n = std::max(n, curve.points.size());
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i)
    x[i] = static_cast<double>(i + 1) * (last > 0 ? last / static_cast<double>(n) : 1);
  return x;
}

// The number that a text begins with, and what follows it.
std::optional<std::pair<double, std::string>> leading_number(const std::string& text) {
  char* rest = nullptr;
  const double value = std::strtod(text.c_str(), &rest);
  if (rest == text.c_str()) return {};
  return {{value, *rest == ' ' ? rest + 1 : rest}};
}

double sum(const std::vector<Spread>& values, bool weighted_by_count = true) {
  double total = 0;
  for (const Spread& value : values) total += value.mean * (weighted_by_count ? value.n : 1);
  return total;
}

std::string percent(double share, int decimals = 1) { return fixed(100 * share, decimals) + " %"; }
}  // namespace

Picture reliability_diagrams(const Selection& from) {
  Picture picture{
      .title = "Reliability diagrams",
      .see =
          "A bar is the accuracy of the answers given with that confidence: it should end at "
          "the diagonal, and what is missing or too much is red; the thin whiskers are where the "
          "bars "
          "of a perfectly calibrated model would end, and below is the share of the images.",
      .key = {{"accuracy", 2, 1, true},
              {"distance to the confidence", 8, 1, true},
              {"perfect model", 9, 1}}};
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
      const double images = sum(counts);
      for (std::size_t b = 0; b < bins; ++b) {
        const auto at = [&](const std::vector<Spread>& band) {
          return b < band.size() && counts[b].mean > 0 ? plain(100 * band[b].mean) : "?";
        };
        const double n = counts[b].mean;
        table.rows.push_back({plain(100.0 * static_cast<double>(b) / static_cast<double>(bins)),
                              plain(100.0 * static_cast<double>(b + 1) / static_cast<double>(bins)),
                              plain(100 * n * counts[b].n / images),
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
set errorbars small
plot $data using (($1+$2)/2):5:1:2:(0):(min($4,$5)) with boxxyerror lc 2 fs transparent solid 0.4, \
  $data using (($1+$2)/2):5:1:2:(min($4,$5)):(max($4,$5)) with boxxyerror lc 8 fs transparent solid 0.35, \
  $data using 1:5:($2-$1):(0) with vectors nohead lc 2 lw 2, x lc 9 lw 1 dt 2, \
  $data using (($1+$2)/2):(($6+$7)/2):6:7 with yerrorbars pt 0 lc rgb "black" lw 0.8
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
      const double all_right = sum(right, false), all_wrong = sum(wrong, false);
      Table table{{"from %", "to %", "% of the right", "% of the wrong"}, {}};
      for (std::size_t b = 0; b < bins; ++b)
        table.rows.push_back({plain(100.0 * static_cast<double>(b) / static_cast<double>(bins)),
                              plain(100.0 * static_cast<double>(b + 1) / static_cast<double>(bins)),
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
      const std::string at = plain(best);
      settings +=
          "set arrow from " + at + ", graph 0 to " + at + ", graph 1 nohead lc 8 lw 1.5 dt 2\n";
      caption += ", predicted at " + fixed(best, 3);
    }
    picture.panels.push_back(
        curves(caption, "smoothing", x, all, settings, "linespoints pt 7 ps 0.4", picture, 100));
  }
  return picture;
}

Picture learning_curves(const Selection& from) {
  Picture picture{
      .title = "Learning curves",
      .see =
          "Where the test loss rises again while the training loss falls, the network grows more "
          "certain of its mistakes; the dotted horizontal lines are the entropy of smoothed "
          "targets, below "
          "which their training loss cannot fall."};
  for (const std::string& dataset : from.datasets) {
    for (const auto& [name, title] :
         {std::pair{"test_nll", "test loss (NLL)"}, std::pair{"train_loss", "training loss"}}) {
      const std::vector<Curve> all = arm_curves(from, dataset, name, picture);
      if (all.empty()) continue;
      std::string settings = "set yrange [0:*]\nset xlabel 'epoch' offset 0,0.5\n";
      for (const Curve& curve : all) {
        const auto floor = series_of(results_of(from.results, from.study, dataset, curve.key.text),
                                     "entropy_floor");
        if (name != std::string("train_loss") || floor.empty() || !(floor[0].mean > 0)) continue;
        const std::string y = plain(floor[0].mean);
        settings += "set arrow from graph 0, first " + y + " to graph 1, first " + y +
                    " nohead lw 1.2 dt 3 lc " + std::to_string(curve.key.color) + "\n";
      }
      picture.panels.push_back(curves(dataset_title(dataset) + ": " + title, "epoch", steps(all),
                                      all, settings, "lines", picture));
    }
  }
  return picture;
}

Picture accuracy_under_noise(const Selection& from) {
  Picture picture{
      .title = "Accuracy when labels are wrong",
      .see =
          "Solid is the last epoch, dashed the best one: what lies between is what the network "
          "lost by learning the wrong labels by heart."};
  std::vector<std::string> kinds;
  std::set<double> rates;
  for (const std::string& arm : from.arms) {
    if (const auto number = leading_number(arm)) {
      rates.insert(number->first);
      if (std::ranges::find(kinds, number->second) == kinds.end()) kinds.push_back(number->second);
    }
  }
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    Key key = arm_key(kinds[i], i);
    key.dash = 1;
    picture.key.push_back(key);
  }
  for (const std::string& dataset : from.datasets) {
    std::vector<Curve> all;
    for (const auto& [name, dash] : {std::pair{"accuracy", 1}, std::pair{"best_accuracy", 2}}) {
      for (const Key& key : picture.key) {
        Curve curve{{key.text + (dash == 1 ? ", last" : ", best"), key.color, dash}, {}};
        for (const double rate : rates)
          for (const std::string& arm : from.arms)
            if (leading_number(arm) == std::pair{rate, key.text})
              curve.points.push_back(
                  number_of(results_of(from.results, from.study, dataset, arm), name));
        if (curve.points.size() == rates.size() && sum(curve.points) > 0) all.push_back(curve);
      }
    }
    const std::string settings =
        "set xlabel 'share of wrong labels %' offset 0,0.5\nset ylabel 'accuracy %' offset 1\n"
        "set offsets graph 0.04, graph 0.04, graph 0.05, graph 0.05\n";
    std::vector<double> x;
    for (const double rate : rates) x.push_back(100 * rate);
    if (!all.empty())
      picture.panels.push_back(curves(dataset_title(dataset), "wrong labels %", x, all, settings,
                                      "linespoints pt 7 ps 0.4", picture, 100));
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

Picture projections(const Selection& from) {
  Picture picture{
      .title = "Three classes before the last layer",
      .see =
          "Each point is an image, seen along the plane through the three classes’ weights: the "
          "tighter the clusters, the less is left of what tells the images of a class apart."};
  constexpr std::size_t most = 900;
  picture.columns = from.arms.size() == 3 ? 3 : 2;
  for (const std::string& dataset : from.datasets) {
    for (const std::string& arm : from.arms) {
      const Result* first = nullptr;
      for (const Result* result : results_of(from.results, from.study, dataset, arm))
        if (result->series.contains("projection_x") && result->series.contains("projection_y") &&
            result->series.contains("projection_class") &&
            (first == nullptr || result->run.seed < first->run.seed))
          first = result;
      if (first == nullptr) continue;
      const auto& x = first->series.at("projection_x");
      const auto& y = first->series.at("projection_y");
      const auto& label = first->series.at("projection_class");
      const std::set<double> labels(label.begin(), label.end());
      const std::size_t n = std::min({x.size(), y.size(), label.size()}), step = n / most + 1;
      Table table{{"x", "y", "class"}, {}};
      for (std::size_t i = 0; i < n; i += step)
        table.rows.push_back(
            {plain(x[i]), plain(y[i]),
             std::to_string(std::distance(labels.begin(), labels.find(label[i])) + 1)});
      if (picture.key.empty())
        for (const double value : labels)
          picture.key.push_back(
              {"class " + plain(value), static_cast<int>(picture.key.size()) + 1, 1, true});
      picture.panels.push_back(panel(dataset_title(dataset) + ", " + arm, std::move(table), R"(
set size ratio -1
unset tics; unset grid; unset border
set offsets graph 0.03, graph 0.03, graph 0.03, graph 0.03
plot for [c=1:8] $data using ($3==c?$1:1/0):2 with points pt 7 ps 0.25 lc c
)",
                                     320, picture));
      picture.panels.back().numbers = {};  // hundreds of points tell nothing as a table
    }
  }
  return picture;
}

Picture teachers_and_students(const Selection& from) {
  Picture picture{
      .title = "Teachers and their students",
      .see = "Shorter is better; a line is the 95 % interval of the mean over the seeds.",
      .key = {{"teacher", 1, 1, true}, {"student", 2, 1, true}}};
  for (const std::string& dataset : from.datasets) {
    Table table{{"row", "who", "error %", "from %", "to %", "color"}, {}};
    for (const std::string& arm : from.arms) {
      const auto results = results_of(from.results, from.study, dataset, arm);
      for (const auto& [name, who, color] :
           {std::tuple{"teacher_error", "teacher", 1}, std::tuple{"student_error", "student", 2}}) {
        const Spread error = number_of(results, name);
        if (error.n == 0) continue;
        const double half =
            error.n > 1 ? student_bound(0.95, error.n - 1) * error.deviation / std::sqrt(error.n)
                        : 0;
        table.rows.push_back({std::to_string(table.rows.size() + 1), arm + " – " + who,
                              plain(100 * error.mean), plain(100 * (error.mean - half)),
                              plain(100 * (error.mean + half)), std::to_string(color)});
      }
    }
    if (table.rows.empty()) continue;
    const int height = 60 + 26 * static_cast<int>(table.rows.size());
    const std::string rows = std::to_string(table.rows.size());
    picture.panels.push_back(panel(dataset_title(dataset), std::move(table), R"(
set lmargin at screen 0.44
unset grid; set grid x lw 0.3 dt 1 lc 9
set border 1; set xrange [0:*]; set xlabel "test error %" offset 0,0.5
set yrange [)" + rows + R"(.6:0.4]
plot $data using 3:1:(0):3:($1-0.33):($1+0.33):6:ytic(2) with boxxyerror lc variable fs transparent solid 0.5, \
  $data using 3:1:4:5 with xerrorbars pt 0 lw 1.5 lc rgb "black"
)",
                                   height, picture));
  }
  return picture;
}

Picture paired_differences(const Claim& claim, const Verdict& verdict) {
  Picture picture{
      .title = "Every seed’s difference",
      .see = "A point is one seed, " + claim.treatment.arm + " minus " + claim.reference.arm +
             "; the bar is the 95 % interval of their mean: where it keeps clear of the line at "
             "zero, chance does not explain the difference.",
      .key = {{"a seed", 2, 1, true}, {"mean and 95 % interval", 1}}};
  for (const Judgement& judgement : verdict.datasets) {
    Table table{{"seed", claim.treatment.arm, claim.reference.arm, "difference"}, {}};
    for (std::size_t i = 0; i < judgement.seeds.size(); ++i)
      table.rows.push_back({std::to_string(judgement.seeds[i]), plain(judgement.treatment[i]),
                            plain(judgement.reference[i]),
                            plain(judgement.treatment[i] - judgement.reference[i])});
    if (table.rows.empty()) continue;
    const Comparison& effect = judgement.effect;
    std::string interval;
    if (effect.n > 1)
      interval = "set object rectangle from " + plain(effect.low) + ",0.3 to " +
                 plain(effect.high) + ",0.42 fc lt 1 fs solid 0.6 noborder\nset arrow from " +
                 plain(effect.mean) + ",0.24 to " + plain(effect.mean) +
                 ",0.48 nohead lc 1 lw 2.5\n";
    picture.panels.push_back(panel(dataset_title(judgement.dataset),
                                   std::move(table), interval + R"(
unset ytics; unset grid; set border 1
set yrange [0.1:1.1]; set offsets graph 0.06, graph 0.06, 0, 0
set xlabel "difference, )" + claim.unit + R"(" offset 0,0.5
set arrow from 0, graph 0 to 0, graph 1 nohead lc 9 lw 1 dt 2
set xrange [] writeback
plot $data using 4:(0.6+0.4*abs(0.5-($0*0.618-floor($0*0.618)))*2) with points pt 7 ps 0.45 lc 2, \
  "+" using (0):(0.05) every ::0::0 with points pt 7 ps 0.01 lc 9
)",
                                   140, picture));
  }
  return picture;
}
}  // namespace temper::lab
