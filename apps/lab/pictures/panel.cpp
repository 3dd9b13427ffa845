#include "panel.h"

#include <algorithm>
#include <cmath>

#include "../model/number.h"
#include "gnuplot.h"
#include "text.h"

namespace temper::lab {
namespace {
// A cell as gnuplot reads it.
std::string quoted(std::string cell) {
  if (cell.find_first_not_of("0123456789+-.e?") == std::string::npos) return cell;
  std::ranges::replace(cell, '"', '\'');
  return '"' + cell + '"';
}

// Of a curve, one column has the means and the next their deviations.
std::string band(int column, const Key& key) {
  const std::string y = std::to_string(column), sd = std::to_string(column + 1);
  return "$data using 1:($" + y + "-$" + sd + "):($" + y + "+$" + sd + ") with filledcurves lc " +
         std::to_string(key.color) + ", ";
}

std::string line(int column, const Key& key, const std::string& with) {
  return "$data using 1:" + std::to_string(column) + " with " + with + " lc " +
         std::to_string(key.color) + " dt " + std::to_string(key.dash) + ", ";
}
}  // namespace

Panel panel(const std::string& caption, Table numbers, const std::string& script, int height,
            const Picture& picture) {
  std::string data = "$data << EOD\n";
  for (const auto& row : numbers.rows) {
    for (const std::string& cell : row) data += quoted(cell) + " ";
    data += "\n";
  }
  std::string svg = draw("set datafile missing '?'\n" + data + "EOD\n" + script, panel_width,
                         height, picture.title + ": " + caption, picture.see);
  return {caption, std::move(numbers), std::move(svg), height};
}

Panel curves(const std::string& caption, const std::string& x_name, const std::vector<double>& x,
             const std::vector<Curve>& all, const std::string& settings, const std::string& with,
             const Picture& picture, double scale) {
  Table table{{x_name}, {}};
  std::string bands, lines;
  int column = 1;
  for (const Curve& curve : all) {
    table.columns.insert(table.columns.end(), {curve.key.text, "± sd"});
    if (std::ranges::any_of(curve.points, [](const Spread& s) { return s.deviation > 0; }))
      bands += band(column + 1, curve.key);
    lines += line(column + 1, curve.key, with);
    column += 2;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::vector<std::string>& row = table.rows.emplace_back();
    row.push_back(plain(x[i]));
    for (const Curve& curve : all) {
      const bool there = i < curve.points.size();
      row.push_back(there ? plain(scale * curve.points[i].mean) : "?");
      row.push_back(there ? plain(scale * curve.points[i].deviation) : "?");
    }
  }
  return panel(caption, std::move(table),
               "set lmargin at screen 0.14; set rmargin at screen 0.97\n" + settings + "plot " +
                   bands + lines + "\n",
               280, picture);
}

Panel bars(const std::string& caption, const std::string& number, const std::vector<Bar>& all,
           const Picture& picture) {
  const std::string axis = find_number(number).title + " %";
  Table table{{"row", "who", axis, "from", "to", "color"}, {}};
  for (const auto& [who, value, color] : all) {
    const double half =
        value.n > 1 ? student_bound(0.95, value.n - 1) * value.deviation / std::sqrt(value.n) : 0;
    table.rows.push_back({std::to_string(table.rows.size() + 1), who, plain(100 * value.mean),
                          plain(100 * (value.mean - half)), plain(100 * (value.mean + half)),
                          std::to_string(color)});
  }
  const std::string rows = std::to_string(all.size());
  Panel drawn = panel(caption, std::move(table),
                      R"(
set lmargin at screen 0.02; set rmargin at screen 0.97
unset ytics; set grid x lw 0.3 dt 1 lc 9
set border 1; set xrange [0:*]; set xlabel ")" +
                          axis + R"(" offset 0,0.5
set yrange [)" + rows + R"(.5:0.5]
plot $data using 3:1:(0):3:($1-0.1):($1+0.3):6 with boxxyerror lc variable fs transparent solid 0.5, \
  $data using 3:($1+0.1):4:5 with xerrorbars pt -1 lw 1.5 lc rgb "black", \
  $data using (0):($1-0.3):2 with labels left offset -0.5,0
)",
                      56 + 42 * static_cast<int>(all.size()), picture);
  for (auto& row : drawn.numbers.rows) {  // row and colour are for gnuplot alone
    row.erase(row.begin());
    row.pop_back();
  }
  drawn.numbers.columns = {"", axis, "from", "to"};
  return drawn;
}

Key arm_key(const std::string& arm, std::size_t i) {
  const int color = static_cast<int>(i % 7) + 1;
  return {arm, color, color};
}

int columns_for(const Selection& from) { return from.arms.size() == 3 ? 3 : 2; }

std::vector<Curve> arm_curves(const Selection& from, const std::string& dataset,
                              const std::string& series, Picture& picture) {
  std::vector<Curve> all;
  for (std::size_t i = 0; i < from.arms.size(); ++i) {
    auto points = series_of(from.of(dataset, from.arms[i]), series);
    if (points.empty()) continue;
    const Key key = arm_key(from.arms[i].name, i);
    if (std::ranges::find(picture.key, key.text, &Key::text) == picture.key.end())
      picture.key.push_back(key);
    all.push_back({key, std::move(points)});
  }
  return all;
}

std::vector<double> steps(const std::vector<Curve>& all, double last) {
  std::size_t n = 0;
  for (const Curve& curve : all) n = std::max(n, curve.points.size());
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i)
    x[i] = static_cast<double>(i + 1) * (last > 0 ? last / static_cast<double>(n) : 1);
  return x;
}
}  // namespace temper::lab
