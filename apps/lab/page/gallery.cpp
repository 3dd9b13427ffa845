#include "gallery.h"

#include <algorithm>

#include "../pictures/calibration.h"
#include "../pictures/learning.h"
#include "../pictures/points.h"
#include "../pictures/reliability.h"
#include "../pictures/text.h"
#include "html.h"

namespace temper::lab {
// A kind of picture, and which families have it.
struct Gallery::Kind {
  Picture (*make)(const Selection&);
  std::vector<Family> families;
  bool all_arms;  // or only those that the claim compares

  bool shows(Family family) const { return std::ranges::count(families, family) > 0; }
};

namespace {
const std::vector<Gallery::Kind>& kinds() {
  using enum Family;
  static const std::vector<Gallery::Kind> all = {
      {smoothing_sweep, {amounts_of_smoothing}, true},
      {accuracy_under_noise, {shares_of_wrong_labels}, true},
      {remedies_for_noise, {shares_of_wrong_labels}, true},
      {teachers_and_students, {teachers}, true},
      {calibration_bars, {calibration}, false},
      {reliability_diagrams, {calibration, confidence}, false},
      {confidence_histograms, {confidence}, false},
      {learning_curves, {training}, true},
      {risk_coverage, {ranking}, true},
      {projections, {features}, true},
  };
  return all;
}
}  // namespace

std::string Gallery::figures(const Claim& claim, Picture every_seed) {
  std::string html;
  for (const Kind& kind : kinds())
    if (const Study* study = study_for(kind, claim)) html += figure_of(kind, claim, *study);
  if (!html.empty() || every_seed.panels.empty()) return html;
  for (Panel& panel : every_seed.panels) panel.numbers = {};  // they stand below anyway
  return figure(every_seed, "#study-" + claim.study);
}

const Study* Gallery::study_for(const Kind& kind, const Claim& claim) const {
  std::vector<std::string> names = {claim.study};
  names.insert(names.end(), claim.also.begin(), claim.also.end());
  std::vector<const Study*> its;
  for (const std::string& name : names)
    for (const Study& study : studies_)
      if (study.name == name) its.push_back(&study);
  for (const Study* study : its)
    if (kind.shows(study->family)) return study;
  const bool of_number = kind.shows(claim.number().family);
  return of_number && !its.empty() && its[0]->name == claim.study ? its[0] : nullptr;
}

std::string Gallery::figure_of(const Kind& kind, const Claim& claim, const Study& study) {
  std::vector<Arm> arms = study.arms;
  if (arms.empty()) return {};
  const bool too_many = arms.size() > 7 && !kind.shows(study.family);
  if (!kind.all_arms || too_many) {
    arms = {study.arms[0]};
    for (const Arm& arm : {claim.reference.arm, claim.treatment.arm})
      if (std::ranges::find(arms, arm) == arms.end()) arms.push_back(arm);
    if (arms.size() == 1 && study.arms.size() > 1) arms.push_back(study.arms[1]);
  }
  std::string names;
  for (const Arm& arm : arms) names += arm.name + "\n";
  std::string& owner = shown_[{&kind, study.name, names}];
  if (!owner.empty())
    return "<p>See the picture at <a href='#" + escaped(owner) + "'>" + escaped(owner) +
           "</a>.</p>\n";
  const Picture picture = kind.make({results_, study.name, study.datasets, arms});
  if (picture.panels.empty()) return {};
  owner = claim.name;
  return figure(picture, "#study-" + study.name);
}
}  // namespace temper::lab
