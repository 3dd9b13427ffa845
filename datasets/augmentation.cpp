// An image is warped by computing, for each pixel, the place that it is taken from.
#include "augmentation.h"

#include <numbers>

#include "../core/buffer.h"
#include "../core/parallel.h"

namespace temper {
namespace {
constexpr int spacing = 7;  // pixels between the random numbers of a field

// How many of these numbers act on a row of so many pixels: each pixel is reached by four bells.
int knots(int pixels) { return (pixels - 1) / spacing + 4; }

// The weight of number k at a pixel: the cubic B-spline, a bell of variance 1/3 on (-2, 2).
Real bell(int pixel, int k) {
  const Real t = std::abs(static_cast<Real>(pixel) / spacing + static_cast<Real>(1 - k));
  const Real outer = std::max(Real(0), 2 - t), inner = std::max(Real(0), 1 - t);
  return (outer * outer * outer - 4 * inner * inner * inner) / 6;
}

// field [height, width] += smooth noise. The sum over knots is taken along the rows first, into
// rows [1 + knots(height), width], whose last holds the bells of a knot.
void add_noise(double deviation, int height, int width, Rng& rng, Real* rows, Real* field) {
  vectorized([=, &rng]() mutable {
    // A uniform number has the variance 1/3; the mean square of the bell is 151/315 on each axis.
    const double amplitude = deviation * std::numbers::sqrt3 * 315 / 151;
    const int down = knots(height);
    Real* bells = rows + down * width;
    std::fill_n(rows, down * width, Real(0));
    for (int k = 0; k < knots(width); ++k) {
      for (int x = 0; x < width; ++x) bells[x] = bell(x, k);
      for (int j = 0; j < down; ++j) {
        const auto noise = static_cast<Real>(rng.uniform(-amplitude, amplitude));
        Real* row = rows + j * width;
        TEMPER_VECTORS
        for (int x = 0; x < width; ++x) row[x] += noise * bells[x];
      }
    }
    for (int y = 0; y < height; ++y, field += width) {
      const int j = y / spacing;
      const Real a = bell(y, j), b = bell(y, j + 1), c = bell(y, j + 2), d = bell(y, j + 3);
      const Real* row = rows + j * width;
      TEMPER_VECTORS
      for (int x = 0; x < width; ++x)
        field[x] +=
            a * row[x] + b * row[x + width] + c * row[x + 2 * width] + d * row[x + 3 * width];
    }
  });
}

// The place (x, y) that each pixel is taken from, without the field.
void invert(const Warp& change, int height, int width, Real* x, Real* y) {
  vectorized([=]() mutable {
    const double angle = change.rotation * std::numbers::pi / 180, mirror = change.mirror ? -1 : 1;
    const auto cosine = static_cast<Real>(std::cos(angle) / change.zoom);
    const auto sine = static_cast<Real>(std::sin(angle) / change.zoom);
    const Real middle_x = Real(width - 1) / 2, middle_y = Real(height - 1) / 2;
    const auto right = static_cast<Real>(change.right), down = static_cast<Real>(change.down);
    for (int i = 0; i < height; ++i, x += width, y += width) {
      const Real v = static_cast<Real>(i) - middle_y - down;
      TEMPER_VECTORS
      for (int j = 0; j < width; ++j) {
        const Real u = static_cast<Real>(j) - middle_x - right;
        x[j] = middle_x + static_cast<Real>(mirror) * (cosine * u + sine * v);
        y[j] = middle_y + cosine * v - sine * u;
      }
    }
  });
}
}  // namespace

void Augmentation::check() const {
  const auto in_range = [](const char* name, double x, double high) {
    require(x >= 0 && x <= high, "augmentation: ", name, " must be in [0, ", high, "], got ", x);
  };
  in_range("shift", shift, 1000);
  in_range("rotation", rotation, 180);
  in_range("scale", scale, 0.9);
  in_range("elastic", elastic, 1000);
  in_range("erase", erase, 1);
  in_range("flip", flip, 1);
}

Shape image_shape(const Shape& sample) {
  const int rank = sample.rank(), side = rank == 1 ? static_cast<int>(std::sqrt(sample[0])) : 0;
  require(rank == 2 || rank == 3 || (side > 0 && side * side == sample[0]),
          "augmentation: a sample of ", sample,
          " is not an image: [h, w], [c, h, w] or a flat square is needed");
  const Shape image = rank == 3 ? sample : rank == 2 ? sample.batched(1) : Shape{1, side, side};
  require(extent(image[0], image[1] + 3.0, image[2] + 3.0) <= 0x1p28, "augmentation: a sample of ",
          sample, " has more than 2^28 pixels, with a frame");  // which are counted in int
  return image;
}

void warp(const Warp& change, const Shape& image, Real background, Rng& rng, Real* pixels) {
  const int height = image[1], width = image[2], n = height * width, stride = width + 3;
  const int framed = (height + 3) * stride;
  const int needed = 2 * n + std::max(framed, (1 + knots(height)) * width);
  thread_local Scratch scratch{"augmentation"};
  Real *x = scratch.at_least(static_cast<std::size_t>(needed)), *y = x + n, *frame = y + n;

  invert(change, height, width, x, y);
  for (Real* field : {x, y})
    if (change.elastic > 0) add_noise(change.elastic, height, width, rng, frame, field);
  // With a frame of background no pixel needs a branch: what is farther out is taken from there.
  std::fill_n(frame, framed, background);
  const auto right = static_cast<Real>(width), bottom = static_cast<Real>(height);
  for (int c = 0; c < image[0]; ++c, pixels += n) {
    for (int i = 0; i < height; ++i)
      std::copy_n(pixels + i * width, width, frame + (i + 1) * stride + 1);
    run_range(0, static_cast<std::size_t>(n), [=](std::size_t i) {
      const Real px = std::min(std::max(x[i], Real(-1)), right) + 1;
      const Real py = std::min(std::max(y[i], Real(-1)), bottom) + 1;
      const int left = static_cast<int>(px), top = static_cast<int>(py);
      const Real fx = px - static_cast<Real>(left), fy = py - static_cast<Real>(top);
      const int p = top * stride + left, q = p + stride;
      const Real upper = frame[p] + fx * (frame[p + 1] - frame[p]);
      const Real lower = frame[q] + fx * (frame[q + 1] - frame[q]);
      pixels[i] = upper + fy * (lower - upper);
    });
  }
}

void erase(const Shape& image, Real background, Rng& rng, Real* pixels) {
  const double area = rng.uniform(0.02, 0.3), ratio = rng.uniform(0.3, 1 / 0.3);
  const auto height = static_cast<int>(std::lround(image[1] * std::sqrt(area * ratio)));
  const auto width = static_cast<int>(std::lround(image[2] * std::sqrt(area / ratio)));
  const auto place = [&](int room) { return int(rng.below(std::uint64_t(room + 1))); };
  const int top = place(image[1] - height), left = place(image[2] - width);
  for (int c = 0; c < image[0]; ++c)
    for (int y = top; y < top + height; ++y)
      std::fill_n(pixels + (c * image[1] + y) * image[2] + left, width, background);
}

void augment(const Augmentation& options, const Shape& image, Real background, std::uint64_t seed,
             Real* pixels) {
  Rng rng(seed);
  const auto up_to = [&](double most) { return rng.uniform(-most, most); };
  const Warp change{.right = up_to(options.shift),
                    .down = up_to(options.shift),
                    .rotation = up_to(options.rotation),
                    .zoom = 1 + up_to(options.scale),
                    .elastic = options.elastic,
                    .mirror = rng.uniform() < options.flip};
  const bool covered = rng.uniform() < options.erase;
  if (change != Warp{}) warp(change, image, background, rng, pixels);
  if (covered) erase(image, background, rng, pixels);
}
}  // namespace temper
