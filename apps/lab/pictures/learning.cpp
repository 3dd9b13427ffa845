#include "learning.h"

#include <algorithm>
#include <set>
#include <utility>

#include "../model/number.h"
#include "panel.h"
#include "text.h"

namespace temper::lab {
namespace {
// The arms of each method that was tried at all these shares of wrong labels, by rising share.
std::vector<std::vector<Arm>> methods_at(const std::set<double>& shares,
                                         const std::vector<Arm>& arms) {
  std::vector<std::vector<Arm>> methods;
  for (const Arm& arm : arms) {
    if (arm.wrong_labels == 0) continue;
    const auto its = std::ranges::find(
        methods, arm.method, [](const std::vector<Arm>& method) { return method[0].method; });
    if (its == methods.end())
      methods.push_back({arm});
    else
      its->push_back(arm);
  }
  std::erase_if(methods, [&](const auto& method) { return method.size() < shares.size(); });
  for (std::vector<Arm>& method : methods) std::ranges::sort(method, {}, &Arm::wrong_labels);
  return methods;
}
}  // namespace

Picture learning_curves(const Selection& from) {
  Picture picture{.title = "Learning curves",
                  .see =
                      "Where the test loss rises again while the training loss falls, the "
                      "network grows more certain of its mistakes."};
  bool floors = false;
  for (const std::string& dataset : from.datasets) {
    for (const auto& [name, title] : {std::pair{"test_nll", find_number("nll").title},
                                      std::pair{"train_loss", std::string("training loss")}}) {
      const std::vector<Curve> all = arm_curves(from, dataset, name, picture);
      if (all.empty()) continue;
      std::string settings = "set yrange [0:*]\nset xlabel 'epoch' offset 0,0.5\n";
      for (std::size_t i = 0; name == std::string("train_loss") && i < from.arms.size(); ++i) {
        const auto floor = series_of(from.of(dataset, from.arms[i]), "entropy_floor");
        if (floor.empty() || !(floor[0].mean > 0)) continue;
        settings += "least = " + plain(floor[0].mean) +
                    "\nset arrow from graph 0, first least to graph 1, first least nohead lw 1.2 "
                    "dt 3 lc " +
                    std::to_string(arm_key(from.arms[i].name, i).color) + "\n";
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
  std::set<double> shares;
  for (const Arm& arm : from.arms)
    if (arm.wrong_labels > 0) shares.insert(arm.wrong_labels);
  std::vector<double> x(shares.begin(), shares.end());
  for (double& share : x) share *= 100;
  const std::vector<std::vector<Arm>> methods = methods_at(shares, from.arms);
  for (std::size_t i = 0; i < methods.size(); ++i)
    picture.key.push_back({methods[i][0].method, arm_key("", i).color});
  const std::vector<Key> keys = picture.key;
  picture.key.insert(picture.key.end(), {{"last epoch", 9, 1}, {"best epoch", 9, 2}});
  for (const std::string& dataset : from.datasets) {
    std::vector<Curve> all;
    for (const auto& [number, dash] : {std::pair{"accuracy", 1}, std::pair{"best_accuracy", 2}}) {
      for (std::size_t i = 0; i < methods.size(); ++i) {
        Curve curve{{keys[i].text + (dash == 1 ? ", last" : ", best"), keys[i].color, dash}, {}};
        for (const Arm& arm : methods[i])
          curve.points.push_back(number_of(from.of(dataset, arm), number));
        if (std::ranges::any_of(curve.points, [](const Spread& s) { return s.n > 0; }))
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
  constexpr int alike = 1, any = 2;  // their colours
  Picture picture{.title = "What helps against 40 % wrong labels",
                  .see =
                      "Errors on true labels after the last epoch: shorter is better. Alike: "
                      "labels became those of a class that looks like the true one.",
                  .key = {{"each other label as likely", any, 1, true}, {"alike", alike, 1, true}}};
  for (const std::string& dataset : from.datasets) {
    std::vector<Bar> all;
    for (const Arm& arm : from.arms) {
      if (arm.wrong_labels != 0.4) continue;
      if (const Spread error = number_of(from.of(dataset, arm), "error"); error.n > 0)
        all.push_back({arm.method, error, arm.look_alikes ? alike : any});
    }
    if (!all.empty()) picture.panels.push_back(bars(dataset_title(dataset), "error", all, picture));
  }
  return picture;
}

Picture teachers_and_students(const Selection& from) {
  constexpr int teacher = 1, student = 2;  // their colours
  constexpr std::pair<const char*, int> errors[] = {
      {"teacher_error", teacher},        {"student_alone_error", student},
      {"student_error", student},        {"teacher_student_error", student},
      {"smooth_teacher_error", teacher}, {"smooth_teacher_student_error", student},
      {"no_threes_error", student},      {"no_threes_biased_error", student}};
  Picture picture{
      .title = "Teachers and their students",
      .see = "Shorter is better; a line is the 95 % interval of the mean over the seeds.",
      .key = {{"teacher", teacher, 1, true}, {"student", student, 1, true}}};
  for (const std::string& dataset : from.datasets) {
    std::vector<Bar> all;
    for (const Arm& arm : from.arms)
      for (const auto& [name, color] : errors)
        if (const Spread error = number_of(from.of(dataset, arm), name); error.n > 0)
          all.push_back({(from.arms.size() > 1 ? arm.name + ", " : "") + find_number(name).title,
                         error, color});
    if (!all.empty()) picture.panels.push_back(bars(dataset_title(dataset), "error", all, picture));
  }
  return picture;
}
}  // namespace temper::lab
