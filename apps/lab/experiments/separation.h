// Separation: how tight the classes are in the features of a model.
#pragma once

#include <temper.h>

namespace temper::lab {
// R² = 1 - d_within / d_overall of features [n, d] and n labels (Kornblith et al. 2021): the mean
// cosine distances 1 - cos(x, x') of pairs in the same class and of all pairs, where every class
// that occurs weighs the same. 1: each class points one way; 0: classes cannot be told apart. In
// O(n d), from the mean directions. Throws ShapeError for shapes that do not fit, for no rows, for
// a row without a direction (zero, or not finite), and if all rows point the same way.
//
// predict(layers before the last, loader) makes features: its .tensor() and .labels.
double class_separation(Tensor features, Labels labels);
}  // namespace temper::lab
