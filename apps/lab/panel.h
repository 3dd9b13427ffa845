// What the pictures are built of: panels of numbers that gnuplot draws, and curves over seeds.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plots.h"
#include "summary.h"

namespace temper::lab {
// Draws what the script makes of the numbers, which it calls $data.
Panel panel(const std::string& caption, Table numbers, const std::string& script, int height,
            const Picture& picture);

struct Curve {
  Key key;
  std::vector<Spread> points;
};

// Means with a band of ± sd, of curves that share x; y is multiplied by the scale.
Panel curves(const std::string& caption, const std::string& x_name, const std::vector<double>& x,
             const std::vector<Curve>& all, const std::string& settings, const std::string& with,
             const Picture& picture, double scale = 1);

struct Bar {
  std::string who;
  Spread value;
  int color;
};

// Horizontal bars from 0, each with the 95 % interval of its mean and its name above it.
Panel bars(const std::string& caption, const std::string& axis, const std::vector<Bar>& all,
           const Picture& picture, double scale = 1);

Key arm_key(const std::string& arm, std::size_t i);  // colour and dash of the i-th arm

// A series of every arm that has it; the picture's key gets those that it lacks.
std::vector<Curve> arm_curves(const Selection& from, const std::string& dataset,
                              const std::string& series, Picture& picture);

// x of the longest curve: 1, 2 … n, or n equal steps that end at `last`.
std::vector<double> steps(const std::vector<Curve>& all, double last = 0);

// The number that a text begins with, and what follows it: "0.4 hard".
std::optional<std::pair<double, std::string>> leading_number(const std::string& text);
}  // namespace temper::lab
