#include "report.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

#include "../pictures/points.h"
#include "../pictures/text.h"
#include "../statistics/summary.h"
#include "gallery.h"
#include "html.h"
#include "verdict_text.h"

namespace temper::lab {
namespace {
// What papers report, and beside it what was measured here.
std::string published(const Claim& claim, const std::vector<Result>& results) {
  Table numbers{{"", "paper", "published, %", "here, %"}, {}};
  const Selection from{results, claim.study, {}, {}};
  for (const auto& [measure, percent, source] : claim.published) {
    const Spread here = number_of(from.of(claim.datasets.front(), measure.arm), measure.number);
    numbers.rows.push_back(
        {measure.number == "error" ? measure.arm.name : find_number(measure.number).title, source,
         fixed(percent, 2),
         fixed(100 * here.mean, 2) + (here.n > 1 ? " ± " + fixed(100 * here.deviation, 2) : "")});
  }
  return numbers.rows.empty() ? "" : "<h3>Beside the papers</h3>\n" + table(numbers);
}

std::string claim_section(const Claim& claim, const Verdict& verdict, const std::string& figures,
                          const Picture& every_seed, bool quick) {
  std::string title = claim.name, tables;
  std::ranges::replace(title, '-', ' ');
  for (const Panel& panel : every_seed.panels)
    tables += "<div class='caption'>" + escaped(panel.caption + ", " + measured(claim)) + "</div>" +
              table(panel.numbers);
  return "<section id='" + escaped(claim.name) + "'>\n<div class='of'><h2>" + escaped(title) +
         "</h2>" + pill(verdict.outcome) + "</div>\n<blockquote>" + escaped(claim.statement) +
         "</blockquote>\n<div class='before'><div><h3>What papers found</h3><p>" +
         escaped(claim.literature) +
         "</p></div>\n<div><h3>What we predicted, before the run</h3><p>" +
         escaped(claim.prediction) +
         "</p></div></div>\n<div class='found'><h3>What we found</h3><p>" +
         escaped(sentence(claim, verdict)) + "</p></div>\n" + figures +
         "<div class='made'><span>Made by <code>./run lab " + escaped(claim.name) +
         (quick ? " --quick" : "") + "</code></span><a href='#verdicts'>All verdicts</a></div>\n" +
         (tables.empty() ? "" : folded("Every seed", tables)) + "</section>\n";
}

std::string tally(const std::vector<Verdict>& verdicts) {
  std::string html;
  for (const auto& [outcome, name] :
       {std::pair{Outcome::supported, "supported"}, std::pair{Outcome::reversed, "reversed"},
        std::pair{Outcome::mixed, "mixed"}, std::pair{Outcome::no_difference, "neither"}}) {
    const auto n = std::ranges::count(verdicts, outcome, &Verdict::outcome);
    html += std::string("<li class='") + name + "'><b>" + std::to_string(n) + "</b>" +
            to_text(outcome) + (outcome == Outcome::mixed ? " by data set" : "") + "</li>\n";
  }
  return html;
}

// Every arm's means ± sd.
std::string arms_table(const std::vector<Result>& results, const Study& study) {
  std::set<std::string> names;
  for (const Result& result : results)
    if (result.run.study == study.name)
      for (const auto& [name, value] : result.numbers) names.insert(name);
  Table numbers{{"arm", "data", "seeds"}, {}};
  for (const std::string& name : names) numbers.columns.push_back(find_number(name).title);
  const Selection from{results, study.name, study.datasets, study.arms};
  for (const std::string& dataset : from.datasets) {
    for (const Arm& arm : from.arms) {
      const auto found = from.of(dataset, arm);
      if (found.empty()) continue;
      std::vector<std::string> row = {arm.name, dataset_title(dataset),
                                      std::to_string(found.size())};
      for (const std::string& name : names) {
        const Spread value = number_of(found, name);
        const int decimals = value.deviation > 0 ? decimals_for(value.deviation) : 4;
        row.push_back(fixed(value.mean, decimals) +
                      (value.n > 1 ? " ± " + fixed(value.deviation, decimals) : ""));
      }
      numbers.rows.push_back(std::move(row));
    }
  }
  return numbers.rows.empty() ? "" : "<div class='arms'>" + table(numbers) + "</div>\n";
}

std::string duration(double seconds) {
  const long minutes = std::lround(seconds / 60);
  if (seconds < 120) return fixed(seconds, 0) + " s";
  if (minutes < 120) return std::to_string(minutes) + " min";
  return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

// A line of a list, with all the values there are.
std::string entry(const std::string& name, const std::set<std::string>& values) {
  std::string all;
  for (const std::string& value : values) all += (all.empty() ? "" : "<br>") + escaped(value);
  return "<dt>" + escaped(name) + "</dt><dd>" + all + "</dd>\n";
}

// Where the numbers come from: machines and data, then each study with the means of its arms.
std::string provenance(const std::vector<Result>& results, const std::vector<Study>& studies) {
  std::map<std::string, double> seconds;  // by study
  std::map<std::string, std::set<std::string>> origins;
  double all_seconds = 0;
  for (const Result& result : results) {
    for (const auto& [key, value] : result.about) {
      const double number = key == "seconds" ? std::strtod(value.c_str(), nullptr) : 0;
      seconds[result.run.study] += number;
      all_seconds += number;
      if (key != "seconds" && key != "command" && key != "what") origins[key].insert(value);
    }
  }
  std::string html = "<dl>\n<dt>trainings</dt><dd>" + std::to_string(results.size()) + "</dd>\n";
  if (all_seconds > 0)
    html +=
        "<dt>time</dt><dd>" + duration(all_seconds) + " of training, one after the other</dd>\n";
  for (const auto& [key, values] : origins) html += entry(key, values);
  html += "</dl>\n";
  for (const Study& study : studies) {
    std::set<std::uint64_t> seeds;
    std::size_t runs = 0;
    const Result* first = nullptr;
    for (const Result& result : results) {
      if (result.run.study != study.name) continue;
      seeds.insert(result.run.seed), ++runs;
      if (first == nullptr) first = &result;
    }
    if (runs == 0) continue;
    const double its_seconds = seconds[study.name];
    html += "<h3 class='study' id='study-" + escaped(study.name) + "'>" + escaped(study.name) +
            "</h3>\n<p>" + escaped(study.what) + "</p>\n<p class='made'>" +
            counted(runs, "training") + ", seeds " + std::to_string(*seeds.begin()) +
            (seeds.size() > 1 ? " to " + std::to_string(*seeds.rbegin()) : "") +
            (its_seconds > 0 ? ", " + duration(its_seconds) : "") + "</p>\n";
    if (const auto command = first->about.find("command"); command != first->about.end())
      html += "<p class='made'><span>All of them by <code>./run lab " + escaped(study.name) +
              (first->run.quick ? " --quick" : "") + "</code>, one by <code>build/apps/" +
              escaped(command->second) + "</code></span></p>\n";
    html += folded("Every arm’s means ± standard deviation", arms_table(results, study));
  }
  return html;
}

constexpr const char* introduction = R"(
<p class='over'>temper · the target lab</p>
<h1>Hard or soft targets?</h1>
<p class='lead'>A classifier can be trained on the one right answer, or on a softened mixture of all. Much is said
about what that changes: accuracy, confidence, noise, what a network can teach. Here each such sentence is put to the
test: networks that differ in one thing, most often their targets, with the same first weights, the same batches and the same noise,
trained from many seeds, and judged by a rule that was fixed before.</p>
)";

constexpr const char* rule = R"(
<h2>How it was judged</h2>
<p>Each claim is decided by one number, fixed before the runs, and by the differences of two arms that share their
seeds. Their mean has an interval of 95 % (not corrected for the number of claims) and a p value by Student’s t; differences
that are all equal are judged by the sign test. The p values of all comparisons, one for each claim and data set, are
corrected together by Holm’s method. What varies are first weights, batches and noise, not the images of the test
set: a verdict is about training on these data.</p>
<p>Corrected p below 0.05 and the sign that the claim says: <b>supported</b>. Corrected p below 0.05 and the other
sign: <b>reversed</b>. Otherwise <b>no difference found</b>, with the effect that would have been seen four times out
of five. Where the data sets differ the verdict is <b>mixed</b>, which does not say that their effects differ:
one may just not have been seen. Before all planned seeds are there, there is no verdict, and more are not looked at.</p>
)";
}  // namespace

std::string report_page(const std::vector<Result>& all_results, const std::vector<Study>& studies,
                        const std::vector<Claim>& claims) {
  const std::vector<Result> results = best_results(all_results);
  const std::vector<Verdict> verdicts = judge(results, claims, studies);
  const bool quick = std::ranges::any_of(results, [](const Result& r) { return r.run.quick; });
  Gallery gallery(results, studies);
  std::string rows, sections;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    rows += verdict_row(claims[i], verdicts[i]);
    const Picture every_seed = paired_differences(claims[i], verdicts[i]);
    sections += claim_section(
        claims[i], verdicts[i],
        gallery.figures(claims[i], every_seed) + published(claims[i], results), every_seed, quick);
  }
  std::string notes;
  if (quick)
    notes +=
        "<p class='note'>A quick run, with fewer images, epochs and seeds: it shows how the lab "
        "works. What to believe comes from <code>./run lab</code>.</p>\n";
  return page(
      "Hard or soft targets? The target lab of temper",
      introduction + notes + "<ul class='facts'>\n" + tally(verdicts) + "<li><b>" +
          std::to_string(results.size()) + "</b>trainings</li>\n</ul>\n" +
          "<h2 id='verdicts'>Verdicts</h2>\n<table class='verdicts'><thead><tr><th scope='col'>"
          "The claim<th scope='col'>We measured<th scope='col'>Effect, 95 % interval"
          "<th scope='col'>The literature says<th scope='col'>Verdict</tr></thead>\n<tbody>\n" +
          rows + "</tbody></table>\n" + sections + rule + "<h2>Where it comes from</h2>\n" +
          provenance(results, studies));
}
}  // namespace temper::lab
