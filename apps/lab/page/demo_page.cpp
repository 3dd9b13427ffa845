#include "demo_page.h"

#include <algorithm>
#include <cmath>

#include "../model/study.h"
#include "../pictures/reliability.h"
#include "../pictures/text.h"
#include "html.h"

namespace temper::lab {
namespace {
ConfidenceBins confidence_bins(const std::string& caption, const Metrics& metrics) {
  ConfidenceBins bins{.caption = caption, .ece = metrics.ece()};
  for (const Metrics::Bin& bin : metrics.bins()) {
    const auto count = static_cast<double>(bin.count), right = static_cast<double>(bin.correct);
    bins.right.push_back(right);
    bins.wrong.push_back(count - right);
    bins.confidence.push_back(bin.confidence);
    // all confidences of a bin are taken to be their mean; 0 / 0 where there is none
    const double mean = bin.confidence / count;
    const double half = 1.96 * std::sqrt(mean * (1 - mean) / count);
    bins.perfect_low.push_back(count > 0 ? std::max(0.0, mean - half) : NAN);
    bins.perfect_high.push_back(count > 0 ? std::min(1.0, mean + half) : NAN);
  }
  return bins;
}
}  // namespace

std::string demo_page(const std::string& dataset, const std::string& settings,
                      const DemoModel& hard, const DemoModel& smooth) {
  std::vector<ConfidenceBins> bins;
  for (const auto& [name, metrics] : {hard, smooth})
    bins.push_back(confidence_bins(dataset_title(dataset) + ", " + name, metrics));
  const std::string figures =
      figure(reliability_diagrams(bins)) + figure(confidence_histograms(bins));
  Table table_of{{"targets", "accuracy", "confidence", "gap", "ECE", "NLL", "Brier"}, {}};
  for (const DemoModel* model : {&hard, &smooth}) {
    const Metrics& m = model->metrics;
    table_of.rows.push_back({model->name, percent(m.accuracy(), 2), percent(m.mean_confidence(), 2),
                             percent(m.overconfidence(), 2), percent(m.ece(), 2), fixed(m.nll(), 4),
                             fixed(m.brier(), 4)});
  }
  const auto lean = [](const Metrics& m) {
    return fixed(std::abs(100 * m.overconfidence()), 1) + " points" +
           (m.overconfidence() > 0 ? " too sure of itself" : " less sure than it should be");
  };
  const bool worse = smooth.metrics.ece() > hard.metrics.ece();
  return page("Hard or soft targets? One run of temper",
              "<p class='over'>temper · the demo</p>\n<h1>Hard or soft targets, once</h1>\n"
              "<p class='lead'>The same network was trained twice on " +
                  escaped(dataset_title(dataset)) +
                  ": on the right answers alone, and on answers of which a part is shared by all "
                  "classes. First weights, batches and steps were the same.</p>\n<ul class='facts'>"
                  "<li><b>" +
                  percent(hard.metrics.accuracy(), 2) + "</b>right, " + escaped(hard.name) +
                  "</li><li><b>" + percent(smooth.metrics.accuracy(), 2) + "</b>right, " +
                  escaped(smooth.name) + "</li><li><b>" + percent(hard.metrics.ece(), 1) +
                  "</b>calibration error, " + escaped(hard.name) + "</li><li><b>" +
                  percent(smooth.metrics.ece(), 1) + "</b>calibration error, " +
                  escaped(smooth.name) +
                  "</li></ul>\n<h2>What it means</h2>\n<p>Trained on hard targets the "
                  "network is " +
                  lean(hard.metrics) + " on average; with smoothing it is " + lean(smooth.metrics) +
                  ". Its calibration error became " + (worse ? "larger" : "smaller") +
                  " by smoothing. One run is one run: another seed moves these numbers.</p>\n" +
                  figures + "<h2>The numbers</h2>\n" + table(table_of) +
                  "<p style='margin-top:20px'>" + escaped(settings) +
                  "</p>\n<h2>The full report</h2>\n<p>Which of the claims about hard and soft "
                  "targets hold, with many "
                  "seeds and intervals: <code>./run lab --quick</code> shows it in minutes, "
                  "<code>./run lab</code> "
                  "settles it.</p>\n");
}
}  // namespace temper::lab
