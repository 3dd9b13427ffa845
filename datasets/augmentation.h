// Augmentation: each epoch sees the training images moved, bent and covered anew.
#pragma once

#include <cstdint>

#include "../core/random.h"
#include "../core/real.h"
#include "../core/shape.h"

namespace temper {
// How far images are changed at random: each number is a bound, up to which all are as likely,
// unless it says something else. By default nothing changes.
struct Augmentation {
  double shift = 0;     // pixels, along each axis and either way
  double rotation = 0;  // degrees, either way
  double scale = 0;     // zooms by a factor from 1 - scale to 1 + scale
  double elastic = 0;   // pixels: standard deviation of a smooth field that moves them (see Warp)
  double erase = 0;     // probability that a rectangle is covered (see erase)
  double flip = 0;      // probability that left and right change places

  bool operator==(const Augmentation&) const = default;

  // Throws ShapeError, in one sentence, for a number out of range: 0 to 1000 pixels, 180 degrees, a
  // scale of 0.9, a probability of 1.
  void check() const;
};

// A sample of a data set as an image [c, h, w]: [h, w] is one of one channel, and so is [h · h], a
// flat square, row by row. Throws ShapeError for any other shape.
Shape image_shape(const Shape& sample);

// One change of an image: mirrored, turned and zoomed about its centre, shifted; and every pixel
// taken from a place beside, as a smooth random field says (Simard et al. 2003). Theirs is noise
// under a Gaussian of 4 pixels, here it is a cubic B-spline with a random number at every seventh
// pixel: noise under a bell of 7/√3 pixels. Their usual field (α = 34) is elastic = 1.4.
struct Warp {
  double right = 0, down = 0;  // pixels
  double rotation = 0;         // degrees, clockwise
  double zoom = 1;
  double elastic = 0;  // pixels, as in Augmentation
  bool mirror = false;

  bool operator==(const Warp&) const = default;
};

// Changes an image [c, h, w] in place, by bilinear interpolation and all at once; all around it is
// background. The field is drawn from rng.
void warp(const Warp& change, const Shape& image, Real background, Rng& rng, Real* pixels);

// Covers a random rectangle of 2 to 30 % of an image [c, h, w] with background (Zhong et al. 2020,
// their RE-0 with s_h = 0.3). Height and width, as shares of the image's, are as 0.3 to 1/0.3.
void erase(const Shape& image, Real background, Rng& rng, Real* pixels);

// Changes an image [c, h, w] in place as the options say; the seed alone decides how. It allocates
// nothing once the thread has seen an image of this size.
void augment(const Augmentation& options, const Shape& image, Real background, std::uint64_t seed,
             Real* pixels);
}  // namespace temper
