// Pictures of the report and of the demo: what is drawn, and the numbers it was drawn from.
#pragma once

#include <string>
#include <vector>

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
  int height = 0;       // of the drawing; its width is panel_width
};

struct Key {
  std::string text;
  int color;          // --s1 … --s8 of the page; 9 is grey
  int dash = 1;       // 1 is solid
  bool area = false;  // a box, not a line
};

struct Picture {
  std::string title;
  std::string see;  // in one sentence, what to look at
  std::vector<Key> key = {};
  std::vector<Panel> panels = {};  // none: the results do not have what it needs
  int columns = 2;                 // of panels, where there is room
};
}  // namespace temper::lab
