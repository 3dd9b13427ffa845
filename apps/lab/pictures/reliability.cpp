#include "reliability.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "panel.h"
#include "text.h"

namespace temper::lab {
namespace {
// Where bin b begins, in percent.
std::string edge(std::size_t b, std::size_t bins) {
  return plain(100.0 * static_cast<double>(b) / static_cast<double>(bins));
}

double total(const std::vector<double>& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0.0);
}
}  // namespace

Picture reliability_diagrams(const std::vector<ConfidenceBins>& panels, int columns) {
  Picture picture{
      .title = "Reliability diagrams",
      .see =
          "A bar is the accuracy of the answers given with that confidence: it should end at the "
          "diagonal, what is missing or too much is red, and below is the share of the images.",
      .key = {{"accuracy", 2, 1, true}, {"distance to the confidence", 8, 1, true}},
      .columns = columns};
  if (std::ranges::any_of(panels, [](const auto& bins) { return !bins.perfect_low.empty(); })) {
    picture.key.push_back({"perfect model", 9});
    picture.see.insert(picture.see.size() - 1,
                       "; where the bars of a perfectly calibrated model would end is a thin line");
  }
  for (const ConfidenceBins& of : panels) {
    const std::size_t bins = of.right.size();
    const double images = total(of.right) + total(of.wrong);
    Table table{{"from %", "to %", "images %", "confidence %", "accuracy %", "perfect from %",
                 "perfect to %"},
                {}};
    for (std::size_t b = 0; b < bins; ++b) {
      const double count = of.right[b] + of.wrong[b];
      const auto at = [&](const std::vector<double>& band) {
        return b < band.size() && count > 0 ? plain(100 * band[b]) : "?";
      };
      table.rows.push_back({edge(b, bins), edge(b + 1, bins), plain(100 * count / images),
                            plain(100 * of.confidence[b] / count), plain(100 * of.right[b] / count),
                            at(of.perfect_low), at(of.perfect_high)});
    }
    std::string caption = of.caption;
    if (std::isfinite(of.ece)) caption += ": ECE " + percent(of.ece, 1);
    if (std::isfinite(of.perfect_ece))
      caption += " (perfect model: " + percent(of.perfect_ece, 1) + ")";
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
  return picture;
}

Picture confidence_histograms(const std::vector<ConfidenceBins>& panels, int columns) {
  Picture picture{
      .title = "How sure it is when right, and when wrong",
      .see =
          "Where the wrong answers (outlined) pile up at the right, the network is wrong and sure "
          "of it; the further apart both lie, the more its confidence is worth.",
      .key = {{"of the right answers", 6, 1, true}, {"of the wrong answers", 8, 1, true}},
      .columns = columns};
  for (const ConfidenceBins& of : panels) {
    const std::size_t bins = of.right.size();
    const double right = total(of.right), wrong = total(of.wrong);
    Table table{{"from %", "to %", "% of the right", "% of the wrong"}, {}};
    for (std::size_t b = 0; b < bins; ++b)
      table.rows.push_back({edge(b, bins), edge(b + 1, bins), plain(100 * of.right[b] / right),
                            plain(100 * of.wrong[b] / wrong)});
    const std::string caption = of.caption + ": " + percent(wrong / (right + wrong), 1) + " wrong";
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
  return picture;
}

Picture reliability_diagrams(const Selection& from) {
  std::vector<ConfidenceBins> panels;
  for_each_arm(from, [&](const std::string& caption, const auto& results) {
    const auto mean = [&](const char* name) { return mean_series(results, name); };
    ConfidenceBins bins{.caption = caption,
                        .right = mean("bin_correct"),
                        .wrong = mean("bin_count"),
                        .confidence = mean("bin_confidence"),
                        .perfect_low = mean("bin_perfect_low"),
                        .perfect_high = mean("bin_perfect_high"),
                        .ece = number_of(results, "ece").mean,
                        .perfect_ece = number_of(results, "ece_perfect").mean};
    const std::size_t n = bins.wrong.size();
    if (n == 0 || bins.right.size() != n || bins.confidence.size() != n) return;
    for (std::size_t b = 0; b < n; ++b) bins.wrong[b] -= bins.right[b];
    panels.push_back(std::move(bins));
  });
  return reliability_diagrams(panels, columns_for(from));
}

Picture confidence_histograms(const Selection& from) {
  std::vector<ConfidenceBins> panels;
  for_each_arm(from, [&](const std::string& caption, const auto& results) {
    ConfidenceBins bins{.caption = caption,
                        .right = mean_series(results, "confident_correct"),
                        .wrong = mean_series(results, "confident_wrong")};
    if (!bins.right.empty() && bins.wrong.size() == bins.right.size())
      panels.push_back(std::move(bins));
  });
  return confidence_histograms(panels, columns_for(from));
}
}  // namespace temper::lab
