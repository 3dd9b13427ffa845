#include "layers/pool.h"

#include <omp.h>

#include <array>

#include "tests/layers/check_layer.h"
#include "tests/layers/reference.h"

using namespace temper;

namespace {
// The definition, window by window; `max` or the mean with zeros for the padding, if it counts.
std::vector<double> pooled(const Tensor& x, int kernel, const PoolOptions& o, bool max) {
  std::vector<double> result;
  const int h = x.shape[2], w = x.shape[3], padding = o.padding, stride = *o.stride;
  const auto is_window = [&](int begin, int length) {  // or the last, cut off
    return begin + kernel <= length + padding ||
           (o.ceil_mode && begin < length && begin + kernel < length + padding + stride);
  };
  for (int plane = 0; plane < x.shape[0] * x.shape[1]; ++plane)
    for (int y = -padding; is_window(y, h); y += stride)
      for (int z = -padding; is_window(z, w); z += stride) {
        double largest = -infinity, total = 0;
        int pixels = 0;
        for (int i = std::max(y, 0); i < std::min(y + kernel, h); ++i)
          for (int j = std::max(z, 0); j < std::min(z + kernel, w); ++j) {
            const double pixel = x.data[(plane * h + i) * w + j];
            largest = std::max(largest, pixel);
            total += pixel;
            ++pixels;
          }
        const int places =
            (std::min(y + kernel, h + padding) - y) * (std::min(z + kernel, w + padding) - z);
        result.push_back(max ? largest : total / (o.count_include_pad ? places : pixels));
      }
  return result;
}
}  // namespace

TEST_CASE("pooling by hand") {
  const Parameter x = parameter({1, 1, 2, 4}, {1, 5, -2, -8, 3, 5, -4, -1});
  Tape tape;
  const Tensor largest = max_pool2d(tape.input(x), 2), mean = avg_pool2d(tape.input(x), 2);
  CHECK(largest.shape == Shape{1, 1, 1, 2});
  check_close(largest.values(), {5, -1});
  check_close(mean.values(), {3.5, -3.75});
  check_close(global_avg_pool2d(tape.input(x)).values(), {-0.125});
  tape.backward(sum(largest));
  check_close(x.tensor().gradients(), {0, 1, 0, 0, 0, 0, 0, 1});  // the first of two equal ones
}

TEST_CASE("pooling and its gradients are those of PyTorch") {
  const auto check = [](const std::string& name, auto pool) {
    INFO(name);
    const Parameter x = wave({2, 3, 7, 8}, 0);
    Tape tape;
    const Tensor y = pool(tape.input(x));
    tape.backward(sum(y * wave(y.shape, 1)));
    std::vector<Real> all;
    append(all, y.values());
    append(all, x.tensor().gradients());
    check_close(all, pytorch_layer(name), is_double ? 1e-12 : 1e-6);
  };
  struct Case {
    int kernel, stride, padding;
  };
  for (const auto& [kernel, stride, padding] :
       {Case{2, 2, 0}, {3, 1, 1}, {3, 2, 1}, {2, 3, 0}, {5, 2, 2}}) {
    const PoolOptions o{.stride = stride, .padding = padding};
    const std::string options = to_string(" ", kernel, " ", stride, " ", padding);
    check("max_pool2d" + options, [&, k = kernel](Tensor x) { return max_pool2d(x, k, o); });
    check("avg_pool2d" + options, [&, k = kernel](Tensor x) { return avg_pool2d(x, k, o); });
  }
  check("global_avg_pool2d", global_avg_pool2d);
}

TEST_CASE("ceil_mode and count_include_pad are those of PyTorch") {
  struct Case {
    int kernel, stride, padding;
  };
  for (const auto& [kernel, stride, padding] :
       {Case{2, 2, 0}, {3, 2, 1}, {2, 3, 1}, {4, 3, 2}, {9, 5, 3}})
    for (const auto& [ceil, include] :
         {std::pair{false, false}, std::pair{true, false}, std::pair{true, true}}) {
      const PoolOptions o{
          .stride = stride, .padding = padding, .ceil_mode = ceil, .count_include_pad = include};
      for (const bool max : {true, false}) {
        const std::string all = to_string(max ? "max" : "avg", "_pool2d ", kernel, " ", stride, " ",
                                          padding, " ", int{ceil}, " ", int{include});
        INFO(all);
        const Parameter x = wave({1, 2, 5, 6}, 0);
        Tape tape;
        const Tensor y = (max ? max_pool2d : avg_pool2d)(tape.input(x), kernel, o);
        tape.backward(sum(y * wave(y.shape, 1)));
        std::vector<Real> numbers;
        append(numbers, y.values());
        append(numbers, x.tensor().gradients());
        check_close(numbers, pytorch_layer(all), is_double ? 1e-12 : 1e-6);
      }
    }
}

TEST_CASE("with ceil_mode a last window counts that begins in the image or the padding before it") {
  Tape tape(Tape::Mode::infer);
  const auto length = [&](int in, int kernel, int stride, int padding) {
    const Parameter x({1, 1, in, in});
    const PoolOptions o{.stride = stride, .padding = padding, .ceil_mode = true};
    return max_pool2d(tape.input(x), kernel, o).shape[2];
  };
  CHECK(length(5, 2, 2, 0) == 3);
  CHECK(length(4, 2, 2, 0) == 2);
  CHECK(length(3, 4, 2, 0) == 1);  // the only window is cut off
  CHECK(length(1, 1, 5, 0) == 1);
  CHECK(length(5, 2, 6, 1) == 1);  // the second would begin at pixel 5, behind the image
  CHECK(length(6, 2, 6, 1) == 2);
  CHECK(length(5, 3, 1 << 30, 1) == 1);
  CHECK(length(2, 2147483647, 2147483647, 0) == 1);
  const Parameter x = parameter({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  check_close(avg_pool2d(tape.input(x), 2, {.ceil_mode = true}).values(), {3, 4.5, 7.5, 9});
  check_close(max_pool2d(tape.input(x), 2, {.ceil_mode = true}).values(), {5, 6, 8, 9});
}

TEST_CASE("NaN is the largest, -inf and padding are not") {
  const Parameter x =
      parameter({1, 1, 2, 4}, {1, not_a_number, -infinity, -infinity, 2, 3, -infinity, -infinity});
  Tape tape(Tape::Mode::infer);
  const Tensor y = max_pool2d(tape.input(x), 2);
  CHECK(std::isnan(y.data[0]));
  CHECK(y.data[1] == static_cast<Real>(-infinity));
  const Parameter negative = parameter({1, 1, 2, 2}, {-1, -2, -3, -4});
  check_close(max_pool2d(tape.input(negative), 2, {.padding = 1}).values(), {-1, -2, -3, -4});
  check_close(avg_pool2d(tape.input(negative), 2, {.padding = 1}).values(),
              {-0.25, -0.5, -0.75, -1});
}

TEST_CASE("pooling is its definition for random shapes") {
  Rng rng(1);
  const auto up_to = [&](int n) {
    return 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(n)));
  };
  for (int run = 0; run < 80; ++run) {
    const int kernel = up_to(5), stride = up_to(4), padding = up_to(kernel / 2 + 1) - 1;
    const Parameter x =
        random_parameter({up_to(3), up_to(4), kernel + up_to(20) - 1, kernel + up_to(40) - 1}, rng);
    INFO("x ", to_string(x.tensor().shape), ", kernel ", kernel, ", stride ", stride, ", padding ",
         padding);
    Tape tape(Tape::Mode::infer);
    const PoolOptions options{.stride = stride,
                              .padding = padding,
                              .ceil_mode = run % 2 == 1,
                              .count_include_pad = run % 3 > 0};
    check_close(max_pool2d(tape.input(x), kernel, options).values(),
                pooled(x, kernel, options, true));
    check_close(avg_pool2d(tape.input(x), kernel, options).values(),
                pooled(x, kernel, options, false));
  }
}

TEST_CASE("windows of 2 x 2 find NaN, else the first of equal maxima, at any width") {
  Rng rng(2);
  const auto fill = [&](const Parameter& p, std::vector<double> candidates) {
    for (Real& x : p.tensor().values())
      x = static_cast<Real>(candidates[rng.below(candidates.size())]);
  };
  for (int width = 2; width < 45; ++width) {
    INFO("width ", width);
    const Parameter x({1, 2, 5, width});
    // Calls f(output, the numbers of its four pixels).
    const auto for_each_window = [&](auto f) {
      std::size_t o = 0;
      for (int row : {0, 2, 5, 7})  // the last row of a plane is in no window
        for (int c = 0; c + 2 <= width; c += 2, ++o) {
          const auto first = static_cast<std::size_t>(row * width + c);
          const auto below = first + static_cast<std::size_t>(width);
          f(o, std::array{first, first + 1, below, below + 1});
        }
    };
    fill(x, {0, 1, infinity, -infinity, not_a_number});
    Tape infer(Tape::Mode::infer);
    const Tensor found = max_pool2d(infer.input(x), 2);
    for_each_window([&](std::size_t o, auto pixels) {
      Real expected = static_cast<Real>(-infinity);
      for (const std::size_t i : pixels) {
        const Real pixel = x.tensor().data[i];
        if (!(pixel <= expected)) expected = std::isnan(expected) ? expected : pixel;
      }
      CHECK(std::isnan(found.data[o]) == std::isnan(expected));
      if (!std::isnan(expected)) CHECK(found.data[o] == expected);
    });

    fill(x, {0, 1, 2});
    Tape tape;
    tape.backward(sum(max_pool2d(tape.input(x), 2)));
    std::vector<double> gradient(x.tensor().size());
    for_each_window([&](std::size_t, auto pixels) {
      gradient[*std::ranges::max_element(pixels, {}, [&](auto i) { return x.tensor().data[i]; })] =
          1;
    });
    check_close(x.tensor().gradients(), gradient);
  }
}

TEST_CASE("windows of 2 x 2 are computed as the walk over any windows computes them") {
  Rng rng(3);
  for (int width = 2; width < 45; ++width) {
    INFO("width ", width);
    // The same windows at stride 3, with pixels between them that are in none.
    const Parameter x({1, 2, 6, width}), spread({1, 2, 9, 3 * (width / 2)});
    const auto for_each_pixel = [&](auto f) {
      for (int row = 0; row < 12; ++row)
        for (int c = 0; c < width / 2 * 2; ++c)
          f(row * width + c, (row / 2 * 3 + row % 2) * 3 * (width / 2) + c / 2 * 3 + c % 2);
    };
    std::ranges::fill(spread.tensor().values(), Real(5));
    for_each_pixel([&](int i, int j) {
      const double candidates[] = {0, 1, 2, infinity, -infinity, not_a_number};
      x.tensor().data[i] = spread.tensor().data[j] = static_cast<Real>(candidates[rng.below(6)]);
    });
    Tape tape;
    const Tensor found = max_pool2d(tape.input(x), 2),
                 plain = max_pool2d(tape.input(spread), 2, {.stride = 3});
    REQUIRE(found.shape == plain.shape);
    check_close(found.values(), {plain.data, plain.data + plain.size()}, 0);
    for (const Tensor& y : {found, plain}) {
      std::ranges::fill(y.gradients(), Real(1));
      const auto step = std::ranges::find_if(
          tape.steps(), [&](const Tape::Step& s) { return s.result.data == y.data; });
      step->run(step->closure);
    }
    for_each_pixel([&](int i, int j) { CHECK(x.tensor().grad[i] == spread.tensor().grad[j]); });
  }
}

TEST_CASE("pooling: gradients, also of windows that overlap") {
  for (const PoolOptions& o :
       {PoolOptions{}, PoolOptions{.stride = 1}, PoolOptions{.stride = 2, .padding = 1},
        PoolOptions{.stride = 4}, PoolOptions{.padding = 1, .ceil_mode = true},
        PoolOptions{.stride = 2, .padding = 1, .count_include_pad = false},
        PoolOptions{.stride = 4, .padding = 1, .ceil_mode = true, .count_include_pad = false}}) {
    gradients_match([=](auto x) { return max_pool2d(x[0], 3, o); }, {{2, 2, 6, 7}});
    gradients_match([=](auto x) { return avg_pool2d(x[0], 3, o); }, {{2, 2, 6, 7}});
  }
  gradients_match([](auto x) { return max_pool2d(x[0], 2) + avg_pool2d(x[0], 2); }, {{1, 3, 4, 6}});
  gradients_match([](auto x) { return global_avg_pool2d(x[0]); }, {{2, 3, 2, 4}});
}

TEST_CASE("pooling has the same bits at any number of threads") {
  Rng rng(1);
  const Parameter x = random_parameter({16, 8, 24, 22}, rng);
  const int before = omp_get_max_threads();
  const auto run = [&](int threads) {
    omp_set_num_threads(threads);
    std::ranges::fill(x.tensor().gradients(), Real(0));
    Tape tape;
    const Tensor y =
        max_pool2d(tape.input(x), 3, {.stride = 2}) + avg_pool2d(tape.input(x), 3, {.stride = 2});
    tape.backward(sum(square(y)));
    std::vector<Real> all(y.data, y.data + y.size());
    all.insert(all.end(), x.tensor().gradients().begin(), x.tensor().gradients().end());
    return all;
  };
  const std::vector<Real> one = run(1);
  for (int threads : {2, 3, 8}) CHECK(run(threads) == one);
  omp_set_num_threads(before);
}

TEST_CASE("the layers of pooling pool") {
  MaxPool2d max(2);
  AvgPool2d avg(2, {.stride = 1});
  GlobalAvgPool2d global;
  CHECK(max.name() == "MaxPool2d(2)");
  CHECK(avg.name() == "AvgPool2d(2)");
  CHECK(global.name() == "GlobalAvgPool2d");
  for (Layer* layer : std::initializer_list<Layer*>{&max, &avg, &global}) {
    CHECK(layer->parameters().empty());
    check_gradients(*layer, {2, 2, 4, 5});
  }
}

TEST_CASE("pooling says what is wrong") {
  const Parameter flat({2, 3}), x({1, 1, 4, 4});
  Tape tape;
  const Tensor in = tape.input(x);
  CHECK_THROWS_WITH_AS(max_pool2d(tape.input(flat), 2),
                       "max_pool2d: images [n, c, h, w] are needed, got [2, 3]", ShapeError);
  CHECK_THROWS_WITH_AS(global_avg_pool2d(tape.input(flat)),
                       "global_avg_pool2d: images [n, c, h, w] are needed, got [2, 3]", ShapeError);
  CHECK_THROWS_WITH_AS(
      avg_pool2d(in, 5),
      "avg_pool2d: the kernel 5 is larger than the images of [1, 1, 4, 4] with padding 0",
      ShapeError);
  CHECK_THROWS_WITH_AS(max_pool2d(in, 2, {.padding = 2}),
                       "max_pool2d: kernel 2, stride 2, padding 2: the first two must be at least "
                       "1, the padding in 0 … kernel / 2",
                       ShapeError);
  CHECK_THROWS_AS(max_pool2d(in, 0), ShapeError);
  CHECK_THROWS_AS(max_pool2d(in, 2, {.stride = 0}), ShapeError);

  Real none[1] = {};
  const auto images = [&](int h, int w) {
    return tape.input({.shape = {1, 1, h, w}, .data = none});
  };
  CHECK_THROWS_WITH_AS(max_pool2d(images(0, 5), 2, {.padding = 1}),
                       "max_pool2d: images [1, 1, 0, 5] with padding 1: planes of 1 to 2^30 pixels "
                       "are needed",
                       ShapeError);
  CHECK_THROWS_AS(avg_pool2d(images(5, 0), 2, {.padding = 1}), ShapeError);
  CHECK_THROWS_AS(max_pool2d(images(65536, 65536), 2), ShapeError);
  CHECK_THROWS_AS(avg_pool2d(images(1, 1), 2147483647, {.padding = 1 << 29}), ShapeError);
  CHECK_THROWS_WITH_AS(global_avg_pool2d(images(65536, 65536)),
                       "shape: an axis cannot have length 4294967296 (0..2147483647)", ShapeError);
}
