// Augmentation: each epoch sees the training images moved, bent and covered anew.
#pragma once

#include "../core/random.h"
#include "../core/real.h"
#include "../core/shape.h"

namespace temper {
// How far images are changed at random: uniformly up to a bound, or as said. Nothing by default.
struct Augmentation {
  double shift = 0;     // pixels, along each axis and either way
  double rotation = 0;  // degrees, either way
  double scale = 0;     // zooms by a factor from 1 - scale to 1 + scale
  double elastic = 0;   // pixels: standard deviation of a smooth field that moves them (see Warp)
  double erase = 0;     // probability that a rectangle is covered (see erase)
  double flip = 0;      // probability that left and right change places

  bool operator==(const Augmentation&) const = default;

  // Throws ShapeError below 0, and above 1000 pixels, 180 degrees, a scale of 0.9 or probability 1.
  void check() const;
};

// A sample [c, h, w], [h, w] or [h · h] as an image [c, h, w]. Throws ShapeError for any other.
Shape image_shape(const Shape& sample);

// One change of an image: mirrored, turned and zoomed about its centre, shifted, and bent by a
// smooth random field (Simard et al. 2003). Theirs is noise under a Gaussian of 4 pixels, this is a
// cubic B-spline, noise under a bell of 7/√3 pixels; their usual α = 34 is elastic = 1.4.
struct Warp {
  double right = 0, down = 0;  // pixels
  double rotation = 0;         // degrees, clockwise
  double zoom = 1;
  double elastic = 0;  // pixels, as in Augmentation
  bool mirror = false;

  bool operator==(const Warp&) const = default;
};

// Changes an image [c, h, w] in place, with one bilinear interpolation; around it is background.
void warp(const Warp& change, const Shape& image, Real background, Rng& rng, Real* pixels);

// Covers a random rectangle of 2 to 30 % of an image [c, h, w] with background (Zhong et al. 2020,
// their RE-0 with s_h = 0.3). Height and width, as shares of the image's, are as 0.3 to 1/0.3.
void erase(const Shape& image, Real background, Rng& rng, Real* pixels);

// Does both to an image [c, h, w] as the options and the seed say. Allocates nothing once the
// thread has seen an image of this size.
void augment(const Augmentation& options, const Shape& image, Real background, std::uint64_t seed,
             Real* pixels);
}  // namespace temper
