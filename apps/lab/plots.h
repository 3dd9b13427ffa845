// The pictures of the report, each made when the results have what it needs.
#pragma once

#include <string>
#include <vector>

#include "lab.h"
#include "statistics.h"

namespace temper::lab {
// The numbers of a panel: what is drawn and what the page shows as a table. A missing one is "?".
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

constexpr int panel_width = 420;

struct Panel {
  std::string caption;  // "MNIST, hard"
  Table numbers;        // empty where there are too many to read
  std::string svg;      // empty where there is no gnuplot
  int height = 0;       // of it; its width is panel_width
};

struct Key {
  std::string text;
  int color;          // --s1 … --s8 of the page; 9 is grey
  int dash = 1;       // 1 is solid
  bool area = false;  // a box, not a line
};

struct Picture {
  std::string title, see;  // and in one sentence what to see
  std::vector<Key> key = {};
  std::vector<Panel> panels = {};  // none: the results do not have what it needs
  int columns = 2;                 // of panels, where there is room
};

// What is drawn: results of one study, of some data sets and arms.
struct Selection {
  const std::vector<Result>& results;
  std::string study;
  std::vector<std::string> datasets, arms;
};

Picture reliability_diagrams(const Selection& from);   // bin_*
Picture calibration_bars(const Selection& from);       // ece, ece_scaled
Picture confidence_histograms(const Selection& from);  // confident_correct, confident_wrong
Picture smoothing_sweep(const Selection& from);        // arms "smooth 0", "smooth 0.02" …
Picture learning_curves(const Selection& from);        // test_nll, train_loss, entropy_floor
Picture accuracy_under_noise(const Selection& from);   // arms "0.4 hard", "0.4 smooth 0.1" …
Picture remedies_for_noise(const Selection& from);     // arms "0.4 hard", "0.4 mixup" …
Picture risk_coverage(const Selection& from);          // risk_coverage
Picture projections(const Selection& from);            // projection_x, _y, _class
Picture teachers_and_students(const Selection& from);  // student_error, teacher_error
Picture paired_differences(const Claim& claim, const Verdict& verdict);
}  // namespace temper::lab
