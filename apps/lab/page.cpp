#include "page.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <set>
#include <stdexcept>

#include "gallery.h"
#include "html.h"
#include "summary.h"

namespace temper::lab {

namespace {
// "1 seed", "3 seeds".
std::string counted(std::size_t n, const std::string& what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

std::string probability(double p) { return p < 0.0001 ? "< 0.0001" : fixed(p, p < 0.01 ? 4 : 2); }

std::string signed_number(double value, int decimals) {
  std::string text(value > 0 ? "+" : "");
  return text += fixed(value, decimals);
}

int decimals_of(const Comparison& effect) {
  return decimals_for(effect.n > 1 && effect.deviation > 0 ? (effect.high - effect.low) / 2
                                                           : std::abs(effect.mean) / 10);
}

// "calibration error (ECE), smooth 0.1 minus hard"
std::string measured(const Claim& claim) {
  const Measure &a = claim.treatment, &b = claim.reference;
  if (a.number == b.number) return number_title(a.number) + ", " + a.arm + " minus " + b.arm;
  if (a.arm == b.arm)
    return a.arm + ": " + number_title(a.number) + " minus " + number_title(b.number);
  return number_title(a.number) + " of " + a.arm + " minus " + number_title(b.number) + " of " +
         b.arm;
}

// What one data set showed, as a part of a sentence.
std::string finding(const Claim& claim, const Judgement& judgement) {
  const Comparison& effect = judgement.effect;
  const std::string on = "on " + dataset_title(judgement.dataset) + " ";
  if (effect.n == 0) return on + "nothing was measured";
  const int decimals = decimals_of(effect);
  const Measure &of = claim.treatment, &from = claim.reference;
  const bool same_arm = of.arm == from.arm, same_number = of.number == from.number;
  const std::string unit = claim.unit.empty() ? "" : " " + claim.unit;
  std::string text = on + (same_arm ? "with “" + of.arm + "” " : "") + "the " +
                     number_title(of.number) + (same_arm ? "" : " of “" + of.arm + "”") + " was " +
                     fixed(std::abs(effect.mean), decimals) + unit +
                     (effect.mean < 0 ? " below " : " above ") +
                     (same_number ? "that" : "the " + number_title(from.number)) +
                     (same_arm ? "" : " of “" + from.arm + "”");
  if (effect.n == 1) return text + " in the one run there is, which has no interval and no verdict";
  text += " (95 % interval " + fixed(effect.low, decimals) + " to " + fixed(effect.high, decimals) +
          ", " + counted(effect.n, "seed") + ", p " + (judgement.p < 0.0001 ? "" : "= ") +
          probability(judgement.p) + "): " + to_text(judgement.outcome);
  if (judgement.outcome == Outcome::no_difference && effect.visible > 0)
    text += ", where one of " + fixed(effect.visible, decimals) + unit +
            " would have been seen four times out of five";
  if (judgement.left_out > 0)
    text += "; " + counted(judgement.left_out, "pair") + " without a finite number left out";
  return text;
}

std::string sentence(const Claim& claim, const Verdict& verdict) {
  std::string text;
  for (const Judgement& judgement : verdict.datasets)
    text += (text.empty() ? "" : "; ") + finding(claim, judgement);
  if (text.empty()) return "Nothing was measured.";
  text[0] = 'O';  // "on …"
  return text + ".";
}

std::string verdict_row(const Claim& claim, const Verdict& verdict) {
  double reach = 0;
  for (const Judgement& judgement : verdict.datasets)
    for (const double end : {judgement.effect.mean, judgement.effect.low, judgement.effect.high})
      if (judgement.effect.n > 0 && std::isfinite(end)) reach = std::max(reach, std::abs(end));
  std::string effects;
  for (const Judgement& judgement : verdict.datasets) {
    const Comparison& effect = judgement.effect;
    const int decimals = decimals_of(effect);
    effects +=
        "<div><span>" + escaped(dataset_title(judgement.dataset)) + "</span><b>" +
        (effect.n > 0 ? signed_number(effect.mean, decimals) + " " + escaped(claim.unit) : "–") +
        "</b>" + glyph(judgement, reach);
    if (effect.n > 1)
      effects += "<small>" + fixed(effect.low, decimals) + " to " + fixed(effect.high, decimals) +
                 "</small>";
    effects += "</div>\n";
    if (verdict.outcome == Outcome::mixed)
      effects += "<div><span></span><small>" + std::string(to_text(judgement.outcome)) +
                 "</small></div>\n";
  }
  return "<tr><td class='claim'><a href='#" + escaped(claim.name) + "'>" +
         escaped(claim.statement) + "</a>" +
         (claim.asked_by_us ? "<small>our question</small>" : "") +
         "</td>\n<td class='measured' data-label='Measured'>" + escaped(measured(claim)) +
         "<small>the claim expects it " + (claim.more_supports ? "above" : "below") +
         " zero</small></td>\n<td class='effect' data-label='Effect, 95 % interval'>" + effects +
         "</td>\n<td class='literature' data-label='Literature'>" + escaped(claim.literature) +
         "</td>\n<td>" + pill(verdict.outcome) + "</td></tr>\n";
}

// What papers report, and beside it what was measured here.
std::string published(const Claim& claim, const std::vector<Result>& results) {
  Table numbers{{"", "paper", "published, %", "here, %"}, {}};
  for (const auto& [measure, value, source] : claim.published) {
    const Spread here = number_of(
        results_of(results, claim.study, claim.datasets.front(), measure.arm), measure.number);
    const std::string name = number_title(measure.number);
    numbers.rows.push_back(
        {name == "test error" ? measure.arm : name, source, fixed(value, 2),
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
  for (const std::string& name : names) numbers.columns.push_back(number_title(name));
  for (const std::string& dataset : study.datasets) {
    for (const std::string& arm : study.arms) {
      const auto found = results_of(results, study.name, dataset, arm);
      if (found.empty()) continue;
      std::vector<std::string> row = {arm, dataset_title(dataset), std::to_string(found.size())};
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

struct Origin {
  double seconds = 0;
  std::map<std::string, std::set<std::string>> machine, options;  // values by key
};

Origin origin_of(const std::vector<Result>& results, const std::string& study) {
  Origin origin;
  for (const Result& result : results) {
    if (!study.empty() && result.run.study != study) continue;
    for (const auto& [key, value] : result.about) {
      std::string name = key;
      std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
      const bool machine = std::ranges::any_of(
          std::array{"version", "machine", "blas", "digest", "threads", "processor"},
          [&](const char* word) { return name.find(word) != std::string::npos; });
      if (key == "seconds")
        origin.seconds += std::strtod(value.c_str(), nullptr);
      else if (key != "command" && key != "what")
        (machine ? origin.machine : origin.options)[key].insert(value);
    }
  }
  return origin;
}

std::string entry(const std::string& name, const std::set<std::string>& values) {
  std::string all;
  for (const std::string& value : values) all += (all.empty() ? "" : "<br>") + escaped(value);
  return "<dt>" + escaped(name) + "</dt><dd>" + all + "</dd>\n";
}

std::string provenance(const std::vector<Result>& results, const std::vector<Study>& studies) {
  const Origin all = origin_of(results, "");
  std::string html = "<dl>\n<dt>trainings</dt><dd>" + std::to_string(results.size()) + "</dd>\n";
  if (all.seconds > 0)
    html +=
        "<dt>time</dt><dd>" + duration(all.seconds) + " of training, one after the other</dd>\n";
  for (const auto& [key, values] : all.machine) html += entry(key, values);
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
    const Origin origin = origin_of(results, study.name);
    html += "<h3 class='study' id='study-" + escaped(study.name) + "'>" + escaped(study.name) +
            "</h3>\n<p>" + escaped(study.what) + "</p>\n<p class='made'>" +
            counted(runs, "training") + ", seeds " + std::to_string(*seeds.begin()) +
            (seeds.size() > 1 ? " to " + std::to_string(*seeds.rbegin()) : "") +
            (origin.seconds > 0 ? ", " + duration(origin.seconds) : "");
    for (const auto& [key, values] : origin.options)  // what the arms share
      if (values.size() == 1) html += ", " + escaped(key) + " " + escaped(*values.begin());
    html += "</p>\n";
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

std::string verdict_table(const std::vector<Result>& all_results, const std::vector<Study>& studies,
                          const std::vector<Claim>& claims) {
  const std::vector<Result> results = best_results(all_results);
  const std::vector<Verdict> verdicts = judge(results, claims, studies);
  std::string text =
      "| claim | it expects | data | effect | 95 % interval | seeds | p (Holm) | verdict |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- |\n";
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Claim& claim = claims[i];
    for (const Judgement& judgement : verdicts[i].datasets) {
      const Comparison& effect = judgement.effect;
      const int decimals = decimals_of(effect);
      text += "| ";
      if (&judgement == &verdicts[i].datasets.front()) {
        text += "**" + claim.name + "** " + claim.statement;
        text += " | " + measured(claim) + (claim.more_supports ? " > 0" : " < 0");
      } else {
        text += " |";
      }
      for (const std::string& cell :
           {dataset_title(judgement.dataset),
            signed_number(effect.mean, decimals) + " " + claim.unit,
            fixed(effect.low, decimals) + " to " + fixed(effect.high, decimals),
            std::to_string(effect.n), probability(judgement.p),
            std::string(to_text(judgement.outcome))})
        text += " | " + cell;
      if (judgement.outcome == Outcome::no_difference && effect.visible > 0)
        text += " (visible: " + fixed(effect.visible, decimals) + ")";
      text += " |\n";
    }
  }
  return text;
}

void write_page(const std::string& path, const std::string& page) {
  std::ofstream file(path, std::ios::binary);
  if (!(file << page << std::flush)) throw std::runtime_error(path + ": cannot be written");
}
}  // namespace temper::lab
