#include "points.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "panel.h"
#include "text.h"

namespace temper::lab {
namespace {
// Where each class lies, and its spread along both axes.
Table clusters(const std::vector<double>& x, const std::vector<double>& y,
               const std::vector<double>& label, const std::set<double>& labels) {
  Table table{{"class", "x", "± sd", "y", "± sd"}, {}};
  for (const double value : labels) {
    std::vector<double> its_x, its_y;
    for (std::size_t i = 0; i < std::min({x.size(), y.size(), label.size()}); ++i)
      if (label[i] == value) its_x.push_back(x[i]), its_y.push_back(y[i]);
    const Spread across = spread(its_x), along = spread(its_y);
    table.rows.push_back({plain(value), plain(across.mean), plain(across.deviation),
                          plain(along.mean), plain(along.deviation)});
  }
  return table;
}
}  // namespace

Picture projections(const Selection& from) {
  Picture picture{
      .title = "Three classes before the last layer",
      .see =
          "Each point is an image, seen along the plane through the three classes’ weights: the "
          "tighter the clusters, the less is left of what tells the images of a class apart."};
  picture.columns = columns_for(from);
  for_each_arm(from, [&](const std::string& caption, const auto& results) {
    const Result* first = nullptr;
    for (const Result* result : results)
      if (result->series.contains("projection_x") && result->series.contains("projection_y") &&
          result->series.contains("projection_class") &&
          (first == nullptr || result->run.seed < first->run.seed))
        first = result;
    if (first == nullptr) return;
    const auto& x = first->series.at("projection_x");
    const auto& y = first->series.at("projection_y");
    const auto& label = first->series.at("projection_class");
    const std::set<double> labels(label.begin(), label.end());
    const std::size_t n = std::min({x.size(), y.size(), label.size()});
    Table table{{"x", "y", "class"}, {}};
    for (std::size_t i = 0; i < n; ++i)
      table.rows.push_back(
          {plain(x[i]), plain(y[i]),
           std::to_string(std::distance(labels.begin(), labels.find(label[i])) + 1)});
    if (picture.key.empty())
      for (const double value : labels)
        picture.key.push_back(
            {"class " + plain(value), static_cast<int>(picture.key.size()) + 1, 1, true});
    picture.panels.push_back(panel(caption, std::move(table), R"(
set size ratio -1
unset tics; unset grid; unset border
set offsets graph 0.03, graph 0.03, graph 0.03, graph 0.03
plot for [c=1:8] $data using ($3==c?$1:1/0):2 with points pt 7 ps 0.25 lc c
)",
                                   320, picture));
    // hundreds of points tell nothing as a table
    picture.panels.back().numbers = clusters(x, y, label, labels);
  });
  return picture;
}

Picture paired_differences(const Claim& claim, const Verdict& verdict) {
  Picture picture{
      .title = "Every seed’s difference",
      .see =
          "A point is one seed, " + claim.treatment.arm.name + " minus " +
          claim.reference.arm.name +
          "; the bar is the 95 % interval of their mean, not corrected for the number of claims.",
      .key = {{"a seed", 2, 1, true}, {"mean and 95 % interval", 1}}};
  for (const Judgement& judgement : verdict.datasets) {
    Table table{{"seed", claim.treatment.arm.name, claim.reference.arm.name, "difference"}, {}};
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
set xlabel "difference, )" + claim.number().unit + R"(" offset 0,0.5
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
