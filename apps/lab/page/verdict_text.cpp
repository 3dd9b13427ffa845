#include "verdict_text.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "../pictures/text.h"

namespace temper::lab {
namespace {
std::string probability(double p) { return p < 0.0001 ? "< 0.0001" : fixed(p, p < 0.01 ? 4 : 2); }

std::string signed_number(double value, int decimals) {
  std::string text(value > 0 ? "+" : "");
  return text += fixed(value, decimals);
}

int decimals_of(const Comparison& effect) {
  return decimals_for(effect.n > 1 && effect.deviation > 0 ? (effect.high - effect.low) / 2
                                                           : std::abs(effect.mean) / 10);
}

// How the page shows an outcome.
struct Look {
  const char *style_class, *symbol;
};

Look look_of(Outcome outcome) {
  static const std::map<Outcome, Look> looks = {{Outcome::supported, {"supported", "✓"}},
                                                {Outcome::reversed, {"reversed", "✕"}},
                                                {Outcome::mixed, {"mixed", "◐"}},
                                                {Outcome::no_difference, {"neither", "≈"}}};
  const auto look = looks.find(outcome);
  return look != looks.end() ? look->second : Look{"neither", "–"};
}

std::string title_of(const Measure& measure) { return find_number(measure.number).title; }

// What one data set showed, as a part of a sentence.
std::string finding(const Claim& claim, const Judgement& judgement) {
  const Comparison& effect = judgement.effect;
  const std::string on = "on " + dataset_title(judgement.dataset) + " ";
  if (effect.n == 0) return on + "nothing was measured";
  const int decimals = decimals_of(effect);
  const Measure &of = claim.treatment, &from = claim.reference;
  const bool same_arm = of.arm == from.arm, same_number = of.number == from.number;
  const std::string name = claim.number().unit, unit = name.empty() ? "" : " " + name;
  std::string text = on + (same_arm ? "with “" + of.arm.name + "” " : "") + "the " + title_of(of) +
                     (same_arm ? "" : " of “" + of.arm.name + "”") + " was " +
                     fixed(std::abs(effect.mean), decimals) + unit +
                     (effect.mean < 0 ? " below " : " above ") +
                     (same_number ? "that" : "the " + title_of(from)) +
                     (same_arm ? "" : " of “" + from.arm.name + "”");
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

// An interval beside zero, as small as a word; `reach` is the largest value it can show.
std::string glyph(const Judgement& judgement, double reach) {
  const Comparison& effect = judgement.effect;
  if (effect.n == 0 || !(reach > 0)) return {};
  const auto at = [&](double value) { return fixed(60 + 54 * value / reach, 1); };
  std::string shape;
  if (effect.n > 1)
    shape = "<path d='M" + at(effect.low) + " 8H" + at(effect.high) +
            "' stroke='currentColor' stroke-width='4' stroke-linecap='round' opacity='.45'/>";
  return std::string("<svg class='glyph ") + look_of(judgement.outcome).style_class +
         "' viewBox='0 0 120 16' aria-hidden='true'><path d='M2 8H118' stroke='var(--line)'/>"
         "<path d='M60 1V15' stroke='var(--s0)'/>" +
         shape + "<circle cx='" + at(effect.mean) + "' cy='8' r='3.2' fill='currentColor'/></svg>";
}
}  // namespace

std::string measured(const Claim& claim) {
  const Measure &a = claim.treatment, &b = claim.reference;
  if (a.number == b.number) return title_of(a) + ", " + a.arm.name + " minus " + b.arm.name;
  if (a.arm == b.arm) return a.arm.name + ": " + title_of(a) + " minus " + title_of(b);
  return title_of(a) + " of " + a.arm.name + " minus " + title_of(b) + " of " + b.arm.name;
}

std::string pill(Outcome outcome) {
  const Look look = look_of(outcome);
  return std::string("<span class='pill ") + look.style_class + "'><span aria-hidden='true'>" +
         look.symbol + "</span> " + to_text(outcome) + "</span>";
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
        (effect.n > 0 ? signed_number(effect.mean, decimals) + " " + escaped(claim.number().unit)
                      : "–") +
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
            signed_number(effect.mean, decimals) + " " + claim.number().unit,
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
}  // namespace temper::lab
