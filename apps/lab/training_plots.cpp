// How training went: curves, wrong labels, teachers and students.
#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "panel.h"

namespace temper::lab {

Picture learning_curves(const Selection& from) {
  Picture picture{.title = "Learning curves",
                  .see =
                      "Where the test loss rises again while the training loss falls, the "
                      "network grows more certain of its mistakes."};
  bool floors = false;
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
        settings += "least = " + plain(floor[0].mean) +
                    "\nset arrow from graph 0, first least to graph 1, first least nohead lw 1.2 "
                    "dt 3 lc " +
                    std::to_string(curve.key.color) + "\n";
        floors = true;
      }
      picture.panels.push_back(curves(dataset_title(dataset) + ": " + title, "epoch", steps(all),
                                      all, settings, "lines", picture));
    }
  }
  if (floors)
    picture.see +=
        " The dotted horizontal lines are the entropy of smoothed targets, below which their "
        "training loss cannot fall.";
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
  std::erase_if(kinds, [&](const std::string& kind) {  // at all shares of wrong labels, or no curve
    return !std::ranges::all_of(rates, [&](double rate) {
      return std::ranges::any_of(from.arms, [&](const std::string& arm) {
        return leading_number(arm) == std::pair{rate, kind};
      });
    });
  });
  std::vector<double> x(rates.begin(), rates.end());
  for (double& rate : x) rate *= 100;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    Key key = arm_key(kinds[i], i);
    key.dash = 1;
    picture.key.push_back(key);
  }
  const std::vector<Key> kinds_key = picture.key;
  picture.key.insert(picture.key.end(), {{"last epoch", 9, 1}, {"best epoch", 9, 2}});
  for (const std::string& dataset : from.datasets) {
    std::vector<Curve> all;
    for (const auto& [name, dash] : {std::pair{"accuracy", 1}, std::pair{"best_accuracy", 2}}) {
      for (const Key& key : kinds_key) {
        Curve curve{{key.text + (dash == 1 ? ", last" : ", best"), key.color, dash}, {}};
        for (const double rate : rates)
          for (const std::string& arm : from.arms)
            if (leading_number(arm) == std::pair{rate, key.text})
              curve.points.push_back(
                  number_of(results_of(from.results, from.study, dataset, arm), name));
        if (curve.points.size() == rates.size() &&
            std::ranges::any_of(curve.points, [](const Spread& s) { return s.n > 0; }))
          all.push_back(curve);
      }
    }
    const std::string settings =
        "set xlabel 'share of wrong labels %' offset 0,0.5\nset ylabel 'accuracy %' offset 1\n"
        "set offsets 0, 0, graph 0.05, graph 0.05\n";
    if (!all.empty())
      picture.panels.push_back(curves(dataset_title(dataset), "wrong labels %", x, all, settings,
                                      "linespoints pt 7 ps 0.4", picture, 100));
  }
  return picture;
}

Picture remedies_for_noise(const Selection& from) {
  Picture picture{.title = "What helps against 40 % wrong labels",
                  .see =
                      "Errors on true labels after the last epoch: shorter is better. Alike: "
                      "labels became those of a class that looks like the true one.",
                  .key = {{"each other label as likely", 2, 1, true}, {"alike", 1, 1, true}}};
  for (const std::string& dataset : from.datasets) {
    std::vector<Bar> all;
    for (const std::string& arm : from.arms)
      if (const auto parts = leading_number(arm); parts && parts->first == 0.4)
        if (const Spread error =
                number_of(results_of(from.results, from.study, dataset, arm), "error");
            error.n > 0)
          all.push_back({parts->second, error, parts->second.starts_with("alike") ? 1 : 2});
    if (!all.empty())
      picture.panels.push_back(bars(dataset_title(dataset), "test error %", all, picture, 100));
  }
  return picture;
}

Picture teachers_and_students(const Selection& from) {
  Picture picture{
      .title = "Teachers and their students",
      .see = "Shorter is better; a line is the 95 % interval of the mean over the seeds.",
      .key = {{"teacher", 1, 1, true}, {"student", 2, 1, true}}};
  for (const std::string& dataset : from.datasets) {
    std::vector<Bar> all;
    for (const std::string& arm : from.arms) {
      const auto results = results_of(from.results, from.study, dataset, arm);
      for (const std::string name :
           {"teacher_error", "student_alone_error", "student_error", "teacher_student_error",
            "smooth_teacher_error", "smooth_teacher_student_error", "no_threes_error",
            "no_threes_biased_error"})
        if (const Spread error = number_of(results, name); error.n > 0)
          all.push_back({(from.arms.size() > 1 ? arm + ", " : "") + number_title(name), error,
                         name.ends_with("teacher_error") ? 1 : 2});
    }
    if (!all.empty())
      picture.panels.push_back(bars(dataset_title(dataset), "test error %", all, picture, 100));
  }
  return picture;
}
}  // namespace temper::lab
