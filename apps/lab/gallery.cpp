#include "gallery.h"

#include <algorithm>

#include "html.h"

namespace temper::lab {

struct Gallery::Kind {
  Picture (*make)(const Selection&);
  std::vector<std::string> studies, numbers;  // a claim of such a study, or with such in its number
  bool all_arms;                              // or only those that the claim compares
};

namespace {
const std::vector<Gallery::Kind>& kinds() {
  static const std::vector<Gallery::Kind> all = {
      {smoothing_sweep, {"sweep"}, {}, true},
      {accuracy_under_noise, {"noise-shares"}, {}, true},
      {remedies_for_noise, {"noise-shares"}, {}, true},
      {teachers_and_students, {"distillation", "noisy-teachers"}, {}, true},
      {calibration_bars, {}, {"ece"}, false},
      {reliability_diagrams, {}, {"ece", "gap", "confidence", "brier"}, false},
      {confidence_histograms, {}, {"gap", "confidence"}, false},
      {learning_curves, {}, {"nll", "train", "epochs"}, true},
      {risk_coverage, {}, {"aurc", "risk"}, true},
      {projections, {}, {"probe", "separation"}, true},
  };
  return all;
}

// The study of a claim that such a picture is made of; empty: none.
std::string study_for(const Claim& claim, const Gallery::Kind& kind) {
  std::vector<std::string> studies = claim.also;
  studies.insert(studies.begin(), claim.study);
  for (const std::string& study : studies)
    if (std::ranges::find(kind.studies, study) != kind.studies.end()) return study;
  const bool number = std::ranges::any_of(kind.numbers, [&](const std::string& part) {
    return claim.treatment.number.find(part) != std::string::npos;
  });
  return number ? claim.study : "";
}
}  // namespace

std::string Gallery::figures(const Claim& claim, Picture every_seed) {
  std::string html;
  for (const Kind& kind : kinds())
    if (const std::string study = study_for(claim, kind); !study.empty())
      html += figure_of(kind, claim, study);
  if (!html.empty() || every_seed.panels.empty()) return html;
  for (Panel& panel : every_seed.panels) panel.numbers = {};  // they stand below anyway
  return figure(every_seed, "#study-" + claim.study);
}

std::string Gallery::figure_of(const Kind& kind, const Claim& claim, const std::string& name) {
  const auto study = std::ranges::find(studies_, name, &Study::name);
  if (study == studies_.end() || study->arms.empty()) return {};
  std::vector<std::string> arms = study->arms;
  if (!kind.all_arms || (arms.size() > 7 && kind.studies.empty())) {
    arms = {study->arms[0]};
    for (const std::string& arm : {claim.reference.arm, claim.treatment.arm})
      if (std::ranges::find(arms, arm) == arms.end()) arms.push_back(arm);
    if (arms.size() == 1 && study->arms.size() > 1) arms.push_back(study->arms[1]);
  }
  std::string& owner = shown_[{&kind, name, arms}];
  if (!owner.empty())
    return "<p>See the picture at <a href='#" + escaped(owner) + "'>" + escaped(owner) +
           "</a>.</p>\n";
  const Picture picture = kind.make({results_, name, study->datasets, arms});
  if (picture.panels.empty()) return {};
  owner = claim.name;
  return figure(picture, "#study-" + name);
}
}  // namespace temper::lab
