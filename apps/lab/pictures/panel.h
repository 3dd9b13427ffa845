// What the pictures are built of: panels of numbers that gnuplot draws, and curves over seeds.
#pragma once

#include <string>
#include <vector>

#include "../statistics/summary.h"
#include "picture.h"
#include "text.h"

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

// Horizontal bars from 0 in percent, of shares, each with the 95 % interval of its mean and its
// name above it. The axis has the title of the number.
Panel bars(const std::string& caption, const std::string& number, const std::vector<Bar>& all,
           const Picture& picture);

Key arm_key(const std::string& arm, std::size_t i);  // with the colour and dash of the i-th arm

// Calls each("MNIST, hard", results) for every data set and arm that has results.
template <class Each>
void for_each_arm(const Selection& from, Each each) {
  for (const std::string& dataset : from.datasets)
    for (const Arm& arm : from.arms)
      if (const auto results = from.of(dataset, arm); !results.empty())
        each(dataset_title(dataset) + ", " + arm.name, results);
}

// How many panels stand side by side if each shows one arm.
int columns_for(const Selection& from);

// The curve of a series for each arm that has it. Arms that the picture's key lacks are added to
// it.
std::vector<Curve> arm_curves(const Selection& from, const std::string& dataset,
                              const std::string& series, Picture& picture);

// The x of such curves: 1, 2 … n for the longest, or n equal steps that end at `last`.
std::vector<double> steps(const std::vector<Curve>& all, double last = 0);
}  // namespace temper::lab
