// A digit is a few strokes through given points. A random smooth map bends them as a hand would,
// and a pen of random width draws them. Only + - * / and square roots are used: every platform
// computes them alike.
#include "digits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace temper {

namespace {
struct Point {
  double x, y;

  friend Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
  friend Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
  friend Point operator*(double s, Point p) { return {s * p.x, s * p.y}; }
};

constexpr int side = 28;

// The ways to write each digit: strokes, separated by /, as points xxyy in percent of a square, x
// to the right and y down.
constexpr std::string_view ways[10][4] = {
    // 0: closed, narrow, begun inside
    {"5205 2818 1850 2882 5095 7382 8250 7218 5005", "6006 4016 3045 3482 4895 6280 6845 6012 4408",
     "4222 6208 8030 7672 5094 2476 2236 4408 6612"},
    // 1: a line, with a flag, with flag and foot
    {"5005 5050 5095", "3228 5206/5206 5150 5095", "3226 5206/5206 5150 5093/2894 5093 7494"},
    // 2: with an angle, with a loop, like a z
    {"2228 3409 5806 7324 6250 4074 2093/2093 5091 8292",
     "2424 4406 7016 6844 4476 2292 1680 3274 5488 8290",
     "2214 4808 7214 5050 2290/2290 5090 7888"},
    // 3: round, with a flat top, in one go with a loop in the middle
    {"2416 4605 6917 6438 4247/4247 7056 7578 5495 2287",
     "2408 4808 7208/7208 5826 4442/4442 6850 7474 5494 2286",
     "2614 4805 6618 5840 4050 4644 6856 7082 4695 2084"},
    // 4: open, closed, round like a u
    {"3206 2630 2056/2056 4855 8052/6810 6650 6295", "5805 4032 1862/1862 5063 8262/5805 6050 6095",
     "2608 2236 3654 6646/7008 6850 6495"},
    // 5: with a hat, in one go like an s
    {"7608 5409 3408/3408 3126 2844/2844 5038 7354 7082 4695 2286",
     "7609 4210 3236 6050 7074 4895 2086"},
    // 6: with a round back, with a straight back and a small loop
    {"6807 4222 2556 3288 5694 7276 6056 3860 2776", "5804 4234 3268 4293 6288 6468 4862 3376"},
    // 7: plain, with a bar, with a serif, rounded
    {"2010 5010 7810/7810 6048 4495", "2010 5010 7810/7810 6048 4495/3652 5451 7449",
     "2224 2210/2210 5011 7809/7809 5844 4895", "2018 4008 6608 7620 6252 4695"},
    // 8: in one go, as two rings
    {"7016 5005 2918 3739 6256 7478 5095 2680 3856 6438 7216",
     "5005 3116 3338 5047 6738 6916 5005/5047 2862 3088 5096 7088 7262 5047"},
    // 9: with a straight stem, with a round one, in one go
    {"7020 4805 2822 3446 5646 7020/7020 6858 6295", "7018 4606 2726 3848 6242 7218 7458 5890 2892",
     "6614 4208 2830 4246 6626 6840 5870 4696"},
};

// The point t in [0, 1] of the way from b to c on the curve through all four (Catmull, Rom 1974).
Point curve(Point a, Point b, Point c, Point d, double t) {
  const Point slope = 0.5 * (c - a), end_slope = 0.5 * (d - b);
  const Point cubic = 2 * (b - c) + slope + end_slope;
  return b + t * (slope + t * ((c - b) - slope - cubic + t * cubic));
}

// How one person writes one digit: a random cubic polynomial takes the square to pixels. Its linear
// part moves, stretches, turns and slants, the rest bends.
class Hand {
 public:
  explicit Hand(Rng& rng) {
    for (std::size_t i = 0; i < powers; ++i)
      map_[i] = {mean[i].x + deviation_x[i] * rng.normal(),
                 mean[i].y + deviation_y[i] * rng.normal()};
  }

  Point operator()(Point percent) const {
    const double u = percent.x / 50 - 1, v = percent.y / 50 - 1;
    const std::array<double, powers> power = {1,     u,         v,         u * u,     u * v,
                                              v * v, u * u * u, u * u * v, u * v * v, v * v * v};
    Point pixel{0, 0};
    for (std::size_t i = 0; i < powers; ++i) pixel = pixel + power[i] * map_[i];
    return pixel;
  }

 private:
  static constexpr std::size_t powers = 10;  // 1, u, v, u², uv, v², u³, u²v, uv², v³, in pixels:
  static constexpr std::array<Point, powers> mean = {{{13.5, 13.5}, {9.5, 0}, {-1, 9.5}}};
  static constexpr double deviation_x[powers] = {1.3, 1.1, 2.3, 0.9, 1.0, 0.9, 0.9, 0.9, 0.9, 0.8};
  static constexpr double deviation_y[powers] = {1.2, 1.1, 0.9, 0.9, 1.0, 0.9, 0.9, 0.9, 0.9, 0.8};
  std::array<Point, powers> map_;
};

using Paper = std::array<double, side * side>;  // the ink of each pixel, from 0 to 1

// Draws from a to b with a round pen whose edge fades over 1.6 pixels. A pixel keeps the most ink
// it got.
void draw_line(Paper& paper, Point a, Point b, double radius) {
  constexpr double fade = 0.8;
  const double reach = radius + fade;
  const Point along = b - a;
  const double square = along.x * along.x + along.y * along.y;
  const auto first = [=](double p, double q) {
    return static_cast<int>(std::max(0.0, std::min(p, q) - reach));
  };
  const auto last = [=](double p, double q) {
    return static_cast<int>(std::clamp(std::max(p, q) + reach, -1.0, side - 1.0));
  };
  for (int y = first(a.y, b.y); y <= last(a.y, b.y); ++y) {
    for (int x = first(a.x, b.x); x <= last(a.x, b.x); ++x) {
      const Point to{x - a.x, y - a.y};
      const double t = square > 0 ? (to.x * along.x + to.y * along.y) / square : 0;
      const Point off = to - std::clamp(t, 0.0, 1.0) * along;
      const double distance = std::sqrt(off.x * off.x + off.y * off.y);
      double& ink = paper[static_cast<std::size_t>(y * side + x)];
      ink = std::max(ink, std::clamp((reach - distance) / (2 * fade), 0.0, 1.0));
    }
  }
}

// Draws a curve through p[1] … p[n]; p[0] and p[n + 1] are free.
void draw_stroke(Point* p, std::size_t n, const Hand& hand, double radius, Rng& rng, Paper& paper) {
  p[0] = p[1];
  p[n + 1] = p[n];
  Point pen = hand(p[1]);
  for (std::size_t i = 0; i + 1 < n; ++i) {
    radius += 0.08 * rng.normal();
    for (int step = 1; step <= 6; ++step) {
      const Point next = hand(curve(p[i], p[i + 1], p[i + 2], p[i + 3], step / 6.0));
      draw_line(paper, pen, next, radius);
      pen = next;
    }
  }
}

void draw(int digit, Rng rng, std::uint8_t* pixels) {
  const auto& choice = ways[digit];
  const auto count = std::ranges::count_if(choice, [](auto way) { return !way.empty(); });
  const std::string_view way = choice[rng.below(static_cast<std::uint64_t>(count))];
  const Hand hand(rng);
  const double radius = rng.uniform(0.7, 1.7);
  Paper paper{};
  std::array<Point, 16> points;
  std::size_t n = 0;
  for (std::size_t i = 0; i < way.size(); i += 5) {
    const auto near = [&](std::size_t k) {  // about what the two figures at k say
      return 10 * (way[k] - '0') + (way[k + 1] - '0') + 3 * rng.normal();
    };
    points[++n] = {near(i), near(i + 2)};
    if (i + 4 < way.size() && way[i + 4] != '/') continue;
    draw_stroke(points.data(), n, hand, radius, rng, paper);
    n = 0;
  }
  for (std::size_t i = 0; i < side * side; ++i) {
    const double grain = rng.uniform(0.8, 1);
    pixels[i] = static_cast<std::uint8_t>(255 * grain * paper[i] + 0.5);
  }
}

Dataset draw_all(int n, std::uint64_t seed, Shape sample) {
  const auto count = static_cast<std::size_t>(n);
  Dataset data{.sample = sample,
               .bytes = std::vector<std::uint8_t>(count * side * side),
               .labels = std::vector<int>(count),
               .classes = 10};
  for_each_row(count, 1 << 15, [&](std::size_t i) {
    data.labels[i] = static_cast<int>(i % 10);
    draw(data.labels[i], Rng(random_bits(seed, i)), data.bytes.data() + i * side * side);
  });
  return data;
}
}  // namespace

TrainTestSplit built_in_digits(int train, int test, std::uint64_t seed, Shape sample) {
  require(train >= 1 && test >= 1, "built_in_digits: ", train, " training and ", test,
          " test samples, at least 1 of each is needed");
  require(sample.size() == side * side,
          "built_in_digits: an image of 28 x 28 does not fit a sample of ", sample);
  return {.train = draw_all(train, random_bits(seed, 0), sample),
          .test = draw_all(test, random_bits(seed, 1), sample)};
}
}  // namespace temper
