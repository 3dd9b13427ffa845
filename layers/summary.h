// A table of a model's layers, for people.
#pragma once

#include "layer.h"

namespace temper {
// One line per layer, by the name that its parameters begin with: what it is, the shape of what it
// returns and how many numbers it learns. `input` is the shape of one sample, {1, 28, 28}; the
// model is run on zeros, not training. The layers in a module of one's own stand below it, without
// a shape, since only the module's forward() knows in which order they run. Throws ShapeError if
// forward() uses a parameter that parts() does not list, and what layers throw for this input.
//
//      layer             output    parameters
//   0  Linear(784, 128)  [n, 128]     100,480
//   1  ReLU              [n, 128]           0
//   2  Linear(128, 10)   [n, 10]        1,290
//      total                          101,770
std::string summary(Layer& model, Shape input);
}  // namespace temper
