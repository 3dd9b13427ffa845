#include "datasets/augmentation.h"

#include <omp.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "apps/common/digits.h"
#include "datasets/data_loader.h"
#include "tests/check.h"

using namespace temper;

namespace {
using Pixels = std::vector<Real>;

// An image after a change without a field.
Pixels warped(Pixels pixels, const Shape& image, const Warp& change, Real background = 0) {
  Rng rng(1);
  warp(change, image, background, rng, pixels.data());
  return pixels;
}

Pixels augmented(Pixels pixels, const Shape& image, const Augmentation& options, int seed) {
  augment(options, image, 0, static_cast<std::uint64_t>(seed), pixels.data());
  return pixels;
}

double mass(const Pixels& pixels) { return std::accumulate(pixels.begin(), pixels.end(), 0.0); }

const Shape small = {1, 3, 3};
const Pixels nine = {1, 2, 3, 4, 5, 6, 7, 8, 9};

const Augmentation everything = {
    .shift = 2, .rotation = 10, .scale = 0.1, .elastic = 1.4, .erase = 0.5, .flip = 0.5};

struct Epoch {
  Pixels inputs;
  std::vector<int> labels;
  bool operator==(const Epoch&) const = default;
};

// The last of some epochs, by the number of the sample, whatever the order was.
Epoch last_epoch(const Dataset& data, DataLoaderOptions options, int epochs = 1,
                 std::uint64_t seed = 1) {
  // a target for each sample that is its number
  Dataset numbered = data;
  numbered.labels.resize(static_cast<std::size_t>(data.size()));
  std::iota(numbered.labels.begin(), numbered.labels.end(), 0);
  numbered.classes = data.size();
  Rng rng(seed);
  DataLoader loader(numbered, options, rng);
  const std::size_t length = data.sample.size();
  Epoch epoch{Pixels(static_cast<std::size_t>(data.size()) * length), {}};
  for (; epochs > 1; --epochs) loader.begin();
  for (const Batch& batch : loader) {
    for (std::size_t i = 0; i < batch.labels.size(); ++i) {
      const auto sample = static_cast<std::size_t>(batch.labels[i]);
      epoch.labels.push_back(batch.labels[i]);
      std::copy_n(batch.inputs.data + i * length, length, epoch.inputs.data() + sample * length);
    }
  }
  return epoch;
}
}  // namespace

TEST_CASE("an image that is not changed keeps its bits") {
  const Dataset digit = built_in_digits(1, 1).train;
  Pixels pixels(784);
  std::ranges::transform(digit.bytes, pixels.begin(), [](auto b) { return Real(b) / 255; });
  CHECK(warped(pixels, {1, 28, 28}, {}) == pixels);
  for (int seed = 0; seed < 20; ++seed) CHECK(augmented(pixels, {1, 28, 28}, {}, seed) == pixels);
}

TEST_CASE("a shift by whole pixels moves them exactly, background comes in") {
  CHECK(warped(nine, small, {.right = 1}, -1) == Pixels{-1, 1, 2, -1, 4, 5, -1, 7, 8});
  CHECK(warped(nine, small, {.right = -1}, -1) == Pixels{2, 3, -1, 5, 6, -1, 8, 9, -1});
  CHECK(warped(nine, small, {.down = 1}, -1) == Pixels{-1, -1, -1, 1, 2, 3, 4, 5, 6});
  CHECK(warped(nine, small, {.right = -2, .down = -1}, 0) == Pixels{6, 0, 0, 9, 0, 0, 0, 0, 0});
  for (const double far : {3.0, 4.0, 5.0, 1000.0, -3.0, -4.0, -1000.0}) {
    CHECK(warped(nine, small, {.right = far}, -1) == Pixels(9, -1));
    CHECK(warped(nine, small, {.down = far}, -1) == Pixels(9, -1));
  }
}

TEST_CASE("a shift by a part of a pixel interpolates, with the background too") {
  check_close(warped({0, 4, 8}, {1, 1, 3}, {.right = 0.25}), {0, 3, 7});
  check_close(warped({0, 4, 8}, {1, 1, 3}, {.right = -0.25}), {1, 5, 6});
  check_close(warped({0, 4, 8}, {1, 3, 1}, {.down = 0.5}, 1), {0.5, 2, 6});
  check_close(warped({0, 4, 8, 12}, {1, 2, 2}, {.right = 0.5, .down = 0.5}), {0, 1, 2, 6});
}

TEST_CASE("a rotation turns the image about its centre, clockwise") {
  check_close(warped(nine, small, {.rotation = 90}), {7, 4, 1, 8, 5, 2, 9, 6, 3});
  check_close(warped(nine, small, {.rotation = 180}), {9, 8, 7, 6, 5, 4, 3, 2, 1});
  check_close(warped(nine, small, {.rotation = -90}), {3, 6, 9, 2, 5, 8, 1, 4, 7});
  check_close(warped({1, 2, 3, 4}, {1, 2, 2}, {.rotation = 90}), {3, 1, 4, 2});
  // of 1 x 3 only the centre stays in the image
  check_close(warped({1, 2, 3}, {1, 1, 3}, {.rotation = 90}), {0, 2, 0});
  // the corner at 45 degrees comes to 0.59 of a pixel beyond the edge
  const Pixels turned = warped(nine, small, {.rotation = 45});
  CHECK(turned[4] == doctest::Approx(5));
  CHECK(turned[1] == doctest::Approx(5 - 4 * std::sqrt(0.5)));
}

TEST_CASE("a zoom enlarges about the centre, or leaves background around") {
  check_close(warped(nine, small, {.zoom = 2}), {3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7});
  check_close(warped(nine, small, {.zoom = 0.5}, -1), {-1, -1, -1, -1, 5, -1, -1, -1, -1});
}

TEST_CASE("a mirror changes left and right, then comes the rest") {
  CHECK(warped(nine, small, {.mirror = true}) == Pixels{3, 2, 1, 6, 5, 4, 9, 8, 7});
  CHECK(warped(nine, small, {.right = 1, .mirror = true}) == Pixels{0, 3, 2, 0, 6, 5, 0, 9, 8});
  check_close(warped(nine, small, {.rotation = 90, .mirror = true}), {9, 6, 3, 8, 5, 2, 7, 4, 1});
}

TEST_CASE("all channels move alike, also when the image is no square") {
  const Pixels image = {1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60};
  CHECK(warped(image, {2, 2, 3}, {.right = 1}) == Pixels{0, 1, 2, 0, 4, 5, 0, 10, 20, 0, 40, 50});
  check_close(warped(image, {2, 2, 3}, {.rotation = 180}),
              {6, 5, 4, 3, 2, 1, 60, 50, 40, 30, 20, 10});
  Rng rng(1);
  Pixels ones(2 * 20 * 30, 1);
  erase({2, 20, 30}, 0, rng, ones.data());
  CHECK(std::equal(ones.begin(), ones.begin() + 600, ones.begin() + 600));
}

TEST_CASE("a field moves pixels as far as it says, smoothly") {
  // Columns numbered from 0: the value at a pixel is where it came from.
  const int side = 60;
  Pixels ramp(side * side);
  for (std::size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<Real>(i % side);
  for (const double deviation : {0.5, 1.4, 3.0}) {
    double square = 0, step = 0, sum = 0;
    int count = 0;
    for (int seed = 0; seed < 40; ++seed) {
      const Pixels moved = augmented(ramp, {1, side, side}, {.elastic = deviation}, seed);
      for (int y = 15; y < side - 15; ++y) {
        for (int x = 15; x < side - 15; ++x, ++count) {
          const auto i = static_cast<std::size_t>(y * side + x);
          const double d = moved[i] - ramp[i], next = moved[i + 1] - ramp[i + 1];
          sum += d, square += d * d, step += (next - d) * (next - d);
        }
      }
    }
    CHECK(std::abs(sum / count) < 0.2 * deviation);
    CHECK(std::sqrt(square / count) == doctest::Approx(deviation).epsilon(0.1));
    // A field under a Gaussian of s = 7/√3 pixels has a slope of deviation / (√2 s) = 0.175.
    CHECK(std::sqrt(step / count) == doctest::Approx(0.175 * deviation).epsilon(0.15));
  }
}

TEST_CASE("a field bends a digit and keeps about as much ink") {
  const Dataset data = built_in_digits(200, 1).train;
  const Epoch plain = last_epoch(data, {});
  const Epoch bent = last_epoch(data, {.augmentation = {.elastic = 1.4}});
  CHECK(plain.inputs != bent.inputs);
  CHECK(mass(bent.inputs) == doctest::Approx(mass(plain.inputs)).epsilon(0.05));
}

TEST_CASE("erasing covers a rectangle of 2 to 30 % somewhere in the image") {
  const int side = 100;
  double total = 0;
  std::vector<int> covered(side * side);
  int flat = 0;
  for (int seed = 0; seed < 2000; ++seed) {
    const Pixels image = augmented(Pixels(side * side, 1), {1, side, side}, {.erase = 1}, seed);
    int top = side, bottom = -1, left = side, right = -1, count = 0;
    for (int i = 0; i < side * side; ++i) {
      if (image[static_cast<std::size_t>(i)] != 0) continue;
      ++count, ++covered[static_cast<std::size_t>(i)];
      top = std::min(top, i / side), bottom = std::max(bottom, i / side);
      left = std::min(left, i % side), right = std::max(right, i % side);
    }
    const int height = bottom - top + 1, width = right - left + 1;
    REQUIRE(count == height * width);
    CHECK(count > 0.017 * side * side);  // whole pixels
    CHECK(count < 0.305 * side * side);
    CHECK(height > 0.28 * width);
    CHECK(width > 0.28 * height);
    total += count;
    flat += height < width;
  }
  CHECK(total / 2000 == doctest::Approx(0.16 * side * side).epsilon(0.05));
  CHECK(flat / 2000.0 == doctest::Approx(0.7 / (1 / 0.3 - 0.3)).epsilon(0.15));
  for (const std::size_t edge : {50, 5000, 5099, 9950}) CHECK(covered[edge] > 0);
}

TEST_CASE("flips and erasures happen as often as they should") {
  int flipped = 0, erased = 0, same = 0;
  for (int seed = 0; seed < 4000; ++seed) {
    const Pixels pixels = augmented(nine, small, {.flip = 0.3}, seed);
    flipped += pixels == Pixels{3, 2, 1, 6, 5, 4, 9, 8, 7};
    same += pixels == nine;
    const Pixels hundred(100, 1);
    erased += augmented(hundred, {1, 10, 10}, {.erase = 0.7}, seed) != hundred;
  }
  CHECK(flipped + same == 4000);
  CHECK(flipped / 4000.0 == doctest::Approx(0.3).epsilon(0.1));
  CHECK(erased / 4000.0 == doctest::Approx(0.7).epsilon(0.05));
}

TEST_CASE("shifts, rotations and zooms go as far as they may, and no further") {
  // Where the one bright pixel goes says how far.
  const Shape image = {1, 41, 41};
  Pixels dot(41 * 41);
  dot[20 * 41 + 30] = 1;
  const auto place = [&](const Augmentation& options, int seed) {
    const Pixels pixels = augmented(dot, image, options, seed);
    const double ink = mass(pixels);
    double x = 0, y = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      x += pixels[i] * (static_cast<double>(i % 41) - 20) / ink;
      y += pixels[i] * (static_cast<double>(i / 41) - 20) / ink;
    }
    return std::pair(x, y);
  };
  struct Range {
    double low = infinity, high = -infinity;
    void add(double x) { low = std::min(low, x), high = std::max(high, x); }
  } right, down, angle, zoom;
  for (int seed = 0; seed < 300; ++seed) {
    const auto [x, y] = place({.shift = 3}, seed);
    right.add(x - 10), down.add(y);
    const auto [u, v] = place({.rotation = 30}, seed);
    angle.add(std::atan2(v, u) * 180 / 3.14159265358979);
    zoom.add(place({.scale = 0.5}, seed).first / 10);
  }
  const auto about = [](double x) { return doctest::Approx(x).epsilon(0.1); };
  CHECK(right.low == about(-3));
  CHECK(right.high == about(3));
  CHECK(down.low == about(-3));
  CHECK(down.high == about(3));
  CHECK(angle.low == about(-30));
  CHECK(angle.high == about(30));
  CHECK(zoom.low == about(0.5));
  CHECK(zoom.high == about(1.5));
}

TEST_CASE("one option does not change what another draws") {
  const Pixels shifted = augmented(nine, small, {.shift = 1}, 7);
  const Augmentation both = {.shift = 1, .erase = 1e-12, .flip = 1e-12};
  CHECK(augmented(nine, small, both, 7) == shifted);
}

TEST_CASE("the seed of an image decides") {
  const Pixels image(784, 1);
  const Shape shape = {1, 28, 28};
  CHECK(augmented(image, shape, everything, 1) == augmented(image, shape, everything, 1));
  CHECK(augmented(image, shape, everything, 1) != augmented(image, shape, everything, 2));
}

TEST_CASE("a loader augments by seed, epoch and sample, whatever the batches") {
  const Dataset data = built_in_digits(150, 1).train;
  const auto with = [](int batch_size, bool shuffle) {
    return DataLoaderOptions{
        .batch_size = batch_size, .shuffle = shuffle, .augmentation = everything};
  };
  const Epoch third = last_epoch(data, with(64, false), 3);
  for (const int batch_size : {1, 7, 150})
    CHECK(last_epoch(data, with(batch_size, false), 3) == third);
  const Epoch shuffled = last_epoch(data, with(16, true), 3);
  CHECK(shuffled.inputs == third.inputs);
  CHECK(shuffled.labels != third.labels);

  const auto differ = [&](const Epoch& a, const Epoch& b) {  // in every sample
    for (std::ptrdiff_t i = 0; i < 150 * 784; i += 784)
      if (std::equal(a.inputs.begin() + i, a.inputs.begin() + i + 784, b.inputs.begin() + i))
        return false;
    return true;
  };
  CHECK(differ(last_epoch(data, with(64, false), 4), third));
  CHECK(differ(last_epoch(data, with(64, false), 3, 2), third));
}

TEST_CASE("augmented batches have the same bits at any number of threads") {
  const Dataset data = built_in_digits(150, 1, 1, {1, 28, 28}).train;
  const int before = omp_get_max_threads();
  std::vector<Epoch> found;
  for (const int threads : {1, 2, 3, 8}) {
    omp_set_num_threads(threads);
    found.push_back(last_epoch(data, {.batch_size = 64, .augmentation = everything}));
  }
  omp_set_num_threads(before);
  for (const Epoch& epoch : found) CHECK(epoch == found[0]);
}

TEST_CASE("labels and targets stay as they are, and so does the data set") {
  Dataset data = built_in_digits(100, 1).train;
  const std::vector<std::uint8_t> bytes = data.bytes;
  Rng rng(1), same(1);
  DataLoader plain(data, {.batch_size = 30, .shuffle = true}, rng);
  DataLoader augmented(data, {.batch_size = 30, .shuffle = true, .augmentation = {.rotation = 180}},
                       same);
  auto a = plain.begin(), b = augmented.begin();
  for (; a != plain.end(); ++a, ++b) {
    CHECK(std::ranges::equal((*a).labels, (*b).labels));
    CHECK(!std::ranges::equal((*a).inputs.values(), (*b).inputs.values()));
  }
  CHECK(data.bytes == bytes);

  const Dataset soft{.sample = {2, 2}, .numbers = {1, 2, 3, 4}, .targets = {5, 6}, .classes = 2};
  DataLoader loader(soft, {.augmentation = {.shift = 1}}, rng);
  for (const Batch& batch : loader) {
    CHECK(batch.inputs.shape == Shape{1, 2, 2});
    check_close(batch.targets.values(), {5, 6});
  }
}

TEST_CASE("without augmentation a loader gives the data") {
  const Dataset data = built_in_digits(20, 1).train;
  const Epoch epoch = last_epoch(data, {.batch_size = 8, .augmentation = {}});
  for (std::size_t i = 0; i < epoch.inputs.size(); ++i)
    REQUIRE(epoch.inputs[i] == static_cast<Real>(data.scale) * static_cast<Real>(data.bytes[i]));
}

TEST_CASE("background is what the byte 0 becomes, or the number 0") {
  Dataset data{
      .sample = {4}, .bytes = {9, 9, 9, 9}, .scale = 1, .shift = -5, .labels = {0}, .classes = 1};
  Rng rng(1);
  DataLoader loader(data, {.augmentation = {.shift = 1000}}, rng);
  for (const Batch& batch : loader) check_close(batch.inputs.values(), {-5, -5, -5, -5});
  data.bytes.clear();
  data.numbers = {9, 9, 9, 9};
  DataLoader numbers(data, {.augmentation = {.shift = 1000}}, rng);
  for (const Batch& batch : numbers) check_close(batch.inputs.values(), {0, 0, 0, 0});
}

TEST_CASE("matrices, channels and flat squares are images") {
  CHECK(image_shape({784}) == Shape{1, 28, 28});
  CHECK(image_shape({1}) == Shape{1, 1, 1});
  CHECK(image_shape({2, 5}) == Shape{1, 2, 5});
  CHECK(image_shape({3, 2, 5}) == Shape{3, 2, 5});
  CHECK_THROWS_WITH_AS(
      image_shape({1, 1 << 14, 1 << 14}),
      "augmentation: a sample of [1, 16384, 16384] has more than 2^28 pixels, with a frame",
      ShapeError);
  CHECK_THROWS_WITH_AS(image_shape({10}),
                       "augmentation: a sample of [10] is not an image: [h, w], [c, h, w] or a "
                       "flat square is needed",
                       ShapeError);
  CHECK_THROWS_WITH_AS(image_shape({}),
                       "augmentation: a sample of [] is not an image: [h, w], [c, h, w] or a flat "
                       "square is needed",
                       ShapeError);
}

TEST_CASE("augmentation that cannot be is refused in one sentence") {
  const Dataset data{.sample = {10}, .numbers = Pixels(10), .labels = {0}, .classes = 1};
  const Dataset image{.sample = {9}, .numbers = Pixels(9), .labels = {0}, .classes = 1};
  Rng rng(1);
  CHECK_THROWS_WITH_AS(DataLoader(image, {.augmentation = {.shift = 1}}),
                       "data_loader: augmentation needs an Rng as the third argument", ShapeError);
  CHECK_THROWS_WITH_AS(DataLoader(data, {.augmentation = {.shift = 1}}, rng),
                       "augmentation: a sample of [10] is not an image: [h, w], [c, h, w] or a "
                       "flat square is needed",
                       ShapeError);
  CHECK_NOTHROW(DataLoader(data, {.augmentation = {}}, rng));
  const auto refused = [&](const Augmentation& options, const char* message) {
    CHECK_THROWS_WITH_AS(DataLoader(image, {.augmentation = options}, rng), message, ShapeError);
  };
  refused({.shift = -1}, "augmentation: shift must be in [0, 1000], got -1");
  refused({.shift = infinity}, "augmentation: shift must be in [0, 1000], got inf");
  refused({.rotation = 181}, "augmentation: rotation must be in [0, 180], got 181");
  refused({.scale = 1}, "augmentation: scale must be in [0, 0.9], got 1");
  refused({.elastic = not_a_number}, "augmentation: elastic must be in [0, 1000], got nan");
  refused({.erase = 2}, "augmentation: erase must be in [0, 1], got 2");
  refused({.flip = -0.5}, "augmentation: flip must be in [0, 1], got -0.5");
}
