#include "layers/conv2d.h"

#include <omp.h>

#include <limits>

#include "layers/kernels/conv2d_kernels.h"

#include "tests/layers/check_layer.h"

using namespace temper;

namespace {
struct Reference {
  Shape x, weight, y;
  bool bias;
  Conv2dOptions options;
  std::vector<double> numbers;  // y and the gradients of x, weight and bias
};

const std::vector<Reference> references = {
#include "conv2d_reference.inc"
};

// The definition, number by number.
std::vector<double> convolution(const Tensor& x, const Tensor& w, const Tensor& b, const Shape& y,
                                const Conv2dOptions& o) {
  std::vector<double> result;
  const int group_in = w.shape[1], group_out = w.shape[0] / o.groups;
  const auto at = [](const Tensor& t, int i, int j, int k, int l) -> double {
    if (k < 0 || l < 0 || k >= t.shape[2] || l >= t.shape[3]) return 0;
    return t.data[((i * t.shape[1] + j) * t.shape[2] + k) * t.shape[3] + l];
  };
  for (int n = 0; n < y[0]; ++n)
    for (int c = 0; c < y[1]; ++c)
      for (int oy = 0; oy < y[2]; ++oy)
        for (int ox = 0; ox < y[3]; ++ox) {
          double sum = b.data[c];
          for (int k = 0; k < group_in; ++k)
            for (int i = 0; i < w.shape[2]; ++i)
              for (int j = 0; j < w.shape[3]; ++j)
                sum += at(w, c, k, i, j) * at(x, n, c / group_out * group_in + k,
                                              oy * o.stride - o.padding + i * o.dilation,
                                              ox * o.stride - o.padding + j * o.dilation);
          result.push_back(sum);
        }
  return result;
}
}  // namespace

TEST_CASE("conv2d by hand") {
  const Parameter x = parameter({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6}),
                  w = parameter({1, 1, 2, 2}, {1, 10, 100, 1000}), b = parameter({1}, {0.5});
  Tape tape;
  const Tensor y = conv2d(tape.input(x), w, b);
  CHECK(y.shape == Shape{1, 1, 1, 2});
  check_close(y.values(), {5421.5, 6532.5});  // the kernel is not flipped
}

TEST_CASE("conv2d and its gradients are those of PyTorch") {
  for (const Reference& r : references) {
    INFO("x ", to_string(r.x), ", weight ", to_string(r.weight));
    const Parameter x = wave(r.x, 0), w = wave(r.weight, 1), b = wave({r.weight[0]}, 2);
    Tape tape;
    const Tensor y = conv2d(tape.input(x), w, r.bias ? b.tensor() : Tensor{}, r.options);
    CHECK(y.shape == r.y);
    Parameter dy(r.y);
    for (std::size_t i = 0; i < y.size(); ++i)
      dy.tensor().data[i] = static_cast<Real>(std::cos(static_cast<double>(i)));
    tape.backward(sum(y * dy));
    std::vector<Real> all;
    append(all, y.values());
    append(all, x.tensor().gradients());
    append(all, w.tensor().gradients());
    if (r.bias) append(all, b.tensor().gradients());
    check_close(all, r.numbers, is_double ? 1e-12 : 1e-5);
  }
}

TEST_CASE("conv2d is its definition for random shapes") {
  Rng rng(3);
  const auto up_to = [&](int n) {
    return 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(n)));
  };
  for (int run = 0; run < 60; ++run) {
    const int kernel = up_to(5), groups = up_to(3);
    const Conv2dOptions o{
        .stride = up_to(3), .padding = up_to(4) - 1, .dilation = up_to(2), .groups = groups};
    const int reach = o.dilation * (kernel - 1) + 1;
    const Parameter x = random_parameter(
                        {up_to(3), groups * up_to(8), reach + up_to(20) - 1, reach + up_to(40) - 1},
                        rng),
                    w = random_parameter(
                        {groups * up_to(10), x.tensor().shape[1] / groups, kernel, kernel}, rng),
                    b = random_parameter({w.tensor().shape[0]}, rng);
    INFO("x ", to_string(x.tensor().shape), ", weight ", to_string(w.tensor().shape), ", stride ",
         o.stride, ", padding ", o.padding, ", dilation ", o.dilation, ", groups ", groups);
    Tape tape;
    const Tensor y = conv2d(tape.input(x), w, b, o);
    check_close(y.values(), convolution(x, w, b, y.shape, o), is_double ? 1e-12 : 3e-5);
  }
}

namespace {
// Compares what a kernel makes of n images together with what the plain one makes of each: numbers
// near 1 must agree to within so many roundings.
void compare_with_columns(const ConvolutionKernel& kernel, const Convolution& s, double roundings,
                          Rng& rng) {
  const Parameter x = random_parameter({s.n, s.in, s.height, s.width}, rng),
                  w = random_parameter({s.out, s.in, s.kh, s.kw}, rng, 1 / std::sqrt(s.window())),
                  b = random_parameter({s.out}, rng),
                  dy = random_parameter({s.n, s.out, s.oh, s.ow}, rng);
  struct Result {
    Parameter y, dx, dw;
  };
  const auto compute = [&](const ConvolutionKernel& kernel, int together) {
    Result r{Parameter(dy.tensor().shape), Parameter(x.tensor().shape),
             Parameter(w.tensor().shape)};
    std::vector<Real> form(kernel.form_size(s)), dform(form.size());
    kernel.to_form(s, w.tensor().data, form.data());
    for (const Parameter* p : {&r.dx, &r.dw})
      std::ranges::fill(p->tensor().values(), Real(1));  // it is added to
    for (int i = 0; i < s.n; i += together) {
      const auto image = static_cast<std::size_t>(i);
      const Real *in = x.tensor().data + image * s.image(),
                 *g = dy.tensor().data + image * s.result();
      kernel.forward(s, together, in, form.data(), b.tensor().data,
                     r.y.tensor().data + image * s.result());
      kernel.backward(s, together, in, form.data(), g, r.dx.tensor().data + image * s.image(),
                      dform.data());
      kernel.backward(s, together, in, form.data(), g, nullptr, nullptr);
    }
    kernel.from_form(s, dform.data(), r.dw.tensor().data);
    return r;
  };
  const Result plain = compute(columns_kernel, 1), fast = compute(kernel, s.n);
  const auto compare = [&](const Parameter& found, const Parameter& expected, double scale) {
    double worst = 0;
    for (std::size_t i = 0; i < found.tensor().size(); ++i)
      worst = std::max(worst, std::abs(static_cast<double>(found.tensor().data[i]) -
                                       static_cast<double>(expected.tensor().data[i])));
    CHECK(worst < scale * roundings * static_cast<double>(std::numeric_limits<Real>::epsilon()));
  };
  compare(fast.y, plain.y, 1);
  compare(fast.dx, plain.dx, std::sqrt(s.out / static_cast<double>(s.in)));
  compare(fast.dw, plain.dw, std::sqrt(s.n * s.places()));
}

int one_up_to(int n, Rng& rng) {
  return 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(n)));
}
}  // namespace

TEST_CASE("Winograd's convolution is the plain one but for rounding") {
  Rng rng(5);
  for (int run = 0; run < 60; ++run) {
    const int padding = one_up_to(5, rng) - 1, in = one_up_to(20, rng), out = one_up_to(20, rng);
    const int height = std::max(1, 3 - 2 * padding) + one_up_to(40, rng) - 1,
              width = std::max(1, 3 - 2 * padding) + one_up_to(70, rng) - 1;
    INFO(in, " -> ", out, ", ", height, " x ", width, ", padding ", padding);
    compare_with_columns(winograd_kernel,
                         {1, in, height, width, out, 3, 3, height + 2 * padding - 2,
                          width + 2 * padding - 2, 1, padding, 1, 1},
                         33, rng);
  }
}

TEST_CASE("the convolution of images in lanes is the plain one but for rounding") {
  Rng rng(6);
  for (int run = 0; run < 80; ++run) {
    const int kh = one_up_to(7, rng), kw = one_up_to(7, rng),
              padding = one_up_to(std::min(kh, kw), rng) - 1;
    const int height = std::max(1, kh - 2 * padding) + one_up_to(20, rng) - 1,
              width = std::max(1, kw - 2 * padding) + one_up_to(20, rng) - 1;
    const Convolution s{one_up_to(8, rng),
                        one_up_to(9, rng),
                        height,
                        width,
                        one_up_to(15, rng),
                        kh,
                        kw,
                        height + 2 * padding - kh + 1,
                        width + 2 * padding - kw + 1,
                        1,
                        padding,
                        1,
                        1};
    INFO(s.n, " images, ", s.in, " -> ", s.out, ", ", height, " x ", width, ", kernel ", kh, " x ",
         kw, ", padding ", padding);
    const int longest_sum = kh * kw * std::max(s.in, s.out);  // its error grows with the root
    compare_with_columns(lanes_kernel, s, 20 + 2 * std::sqrt(longest_sum), rng);
  }
}

TEST_CASE("conv2d: gradients") {
  const auto with = [](Conv2dOptions o) {
    return [o](auto x) { return conv2d(x[0], x[1], x[2], o); };
  };
  gradients_match(with({}), {{2, 3, 4, 5}, {2, 3, 3, 2}, {2}});
  gradients_match(with({.stride = 2, .padding = 1}), {{20, 1, 5, 4}, {2, 1, 3, 3}, {2}});
  gradients_match(with({.padding = 2, .dilation = 2, .groups = 2}),
                  {{1, 4, 4, 5}, {4, 2, 2, 3}, {4}});
  gradients_match(with({.padding = 1}), {{2, 8, 5, 4}, {8, 8, 3, 3}, {8}});  // Winograd's
  gradients_match(with({.padding = 1}), {{9, 2, 5, 4}, {3, 2, 3, 2}, {3}});  // in lanes
  gradients_match([](auto x) { return conv2d(x[0], x[0]); }, {{3, 3, 2, 2}});
  gradients_match([](auto x) { return conv2d(x[0], x[1]) + conv2d(x[0], x[1], x[2]); },
                  {{1, 2, 4, 4}, {2, 2, 2, 2}, {2}});
}

TEST_CASE("conv2d without images or without places for padding alone") {
  const Parameter none({0, 2, 4, 4}), w = wave({3, 2, 3, 3}, 0), b = wave({3}, 1);
  Tape tape;
  const Tensor y = conv2d(tape.input(none), w, b);
  CHECK(y.shape == Shape{0, 3, 2, 2});
  tape.backward(sum(y) + sum(tape.input(b)));
  check_close(b.tensor().gradients(), {1, 1, 1});
  check_close(w.tensor().gradients(), std::vector<double>(54, 0.0));
}

TEST_CASE("an image without pixels is padding: the result is the bias, and no gradient gets out") {
  for (const int n : {1, 16})  // in columns or Winograd's, and in lanes
    for (const Shape& image : {Shape{8, 0, 5}, {8, 5, 0}, {8, 0, 0}}) {
      const Parameter x(image.batched(n)), weight = wave({8, 8, 3, 3}, 0), b = wave({8}, 1);
      Tape tape;
      const Tensor y = conv2d(tape.input(x), weight, b, {.padding = 2});
      CHECK(y.shape == Shape{n, 8, image[1] + 2, image[2] + 2});
      for (std::size_t i = 0; i < y.size(); ++i)
        CHECK(y.data[i] == b.tensor().data[i / y.shape.without(0).without(0).size() % 8]);
      tape.backward(sum(y));
      check_close(weight.tensor().gradients(), std::vector<double>(576, 0.0));
    }
}

TEST_CASE("a stride beyond the image leaves one place, however long it is") {
  const Parameter x = wave({2, 3, 6, 7}, 0), w = wave({4, 3, 3, 3}, 1), b = wave({4}, 2);
  Tape tape;
  const Tensor y = conv2d(tape.input(x), w, b, {.stride = 2147483647, .padding = 1});
  check_close(y.values(), convolution(x, w, b, {2, 4, 1, 1}, {.stride = 100, .padding = 1}),
              is_double ? 1e-12 : 3e-5);
  tape.backward(sum(y));
}

TEST_CASE("conv2d has the same bits at any number of threads") {
  const int before = omp_get_max_threads();
  for (int in : {3, 8}) {  // in lanes and Winograd's
    Rng rng(1);
    const Parameter x = random_parameter({37, in, 20, 18}, rng),
                    w = random_parameter({8, in, 3, 3}, rng), b = random_parameter({8}, rng);
    const auto run = [&](int threads) {
      omp_set_num_threads(threads);
      for (const Parameter* p : {&x, &w, &b}) std::ranges::fill(p->tensor().gradients(), Real(0));
      Tape tape;
      const Tensor y = conv2d(tape.input(x), w, b, {.padding = 1});
      tape.backward(sum(square(y)));
      std::vector<Real> all;
      append(all, y.values());
      for (const Parameter* p : {&x, &w, &b}) append(all, p->tensor().gradients());
      return all;
    };
    const std::vector<Real> one = run(1);
    for (int threads : {2, 3, 8}) CHECK(run(threads) == one);
  }
  omp_set_num_threads(before);
}

TEST_CASE("Conv2d owns what PyTorch's owns") {
  Rng rng(1);
  Conv2d layer(4, 6, 3, rng, {.stride = 2, .padding = 1, .groups = 2});
  CHECK(layer.name() == "Conv2d(4, 6, 3, stride 2, padding 1, groups 2)");
  CHECK(Conv2d(1, 2, 3, rng).name() == "Conv2d(1, 2, 3)");
  REQUIRE(layer.parameters().size() == 2);
  CHECK(layer.parameters()[0].name == "weight");
  CHECK(layer.parameters()[0].tensor.shape == Shape{6, 2, 3, 3});
  CHECK(layer.parameters()[1].name == "bias");
  CHECK(layer.parameters()[1].tensor.shape == Shape{6});
  for (const NamedTensor& p : layer.parameters())  // U(±1 / √fan_in)
    for (const Real w : p.tensor.values()) CHECK(std::abs(w) <= 1 / std::sqrt(18.0));
  check_gradients(layer, {2, 4, 5, 4});
  Conv2d plain(2, 3, 2, rng, {}, {.bias = false, .init = constant(0.5)});
  REQUIRE(plain.parameters().size() == 1);
  CHECK(plain.parameters()[0].tensor.data[0] == 0.5);
  check_gradients(plain, {2, 2, 3, 3});
}

TEST_CASE("conv2d says what is wrong") {
  const Parameter x({2, 3, 8, 8}), w({4, 3, 3, 3}), flat({2, 3}), b({3});
  Tape tape;
  const Tensor in = tape.input(x);
  CHECK_THROWS_WITH_AS(conv2d(tape.input(flat), w),
                       "conv2d: x [2, 3] and weight [4, 3, 3, 3] must be [n, in, h, w] and [out, "
                       "in / groups, kh, kw]",
                       ShapeError);
  CHECK_THROWS_WITH_AS(conv2d(in, Parameter({4, 2, 3, 3})),
                       "conv2d: x [2, 3, 8, 8], weight [4, 2, 3, 3] and groups 1: x must have "
                       "groups times the weight's channels, and out be divisible by groups",
                       ShapeError);
  CHECK_THROWS_WITH_AS(conv2d(in, Parameter({4, 1, 3, 3}), {}, {.groups = 3}),
                       "conv2d: x [2, 3, 8, 8], weight [4, 1, 3, 3] and groups 3: x must have "
                       "groups times the weight's channels, and out be divisible by groups",
                       ShapeError);
  CHECK_THROWS_WITH_AS(conv2d(in, w, b), "conv2d: bias [3] does not fit weight [4, 3, 3, 3]",
                       ShapeError);
  CHECK_THROWS_WITH_AS(conv2d(in, w, {}, {.dilation = 4}),
                       "conv2d: the kernel of weight [4, 3, 3, 3] with dilation 4 does not fit "
                       "into x [2, 3, 8, 8] with padding 0",
                       ShapeError);
  CHECK_THROWS_WITH_AS(conv2d(in, w, {}, {.stride = 0}),
                       "conv2d: stride, dilation and groups must be at least 1 and padding at "
                       "least 0, got 0, 1, 1 and 0",
                       ShapeError);
  CHECK_THROWS_WITH_AS(conv2d(in, w, {}, {.dilation = 2147483647}),
                       "conv2d: the kernel of weight [4, 3, 3, 3] with dilation 2147483647 does "
                       "not fit into x [2, 3, 8, 8] with padding 0",
                       ShapeError);
  CHECK_THROWS_WITH_AS(conv2d(in, w, {}, {.padding = 2147483647}),
                       "conv2d: x [2, 3, 8, 8], weight [4, 3, 3, 3], padding 2147483647: the "
                       "weight, a padded image or a result has more than 2^30 numbers",
                       ShapeError);
  CHECK_THROWS_AS(conv2d(in, Parameter({4, 1, 3, 3}), {}, {.groups = 1431655768}), ShapeError);
  Rng rng(1);
  CHECK_THROWS_WITH_AS(Conv2d(65536, 65536, 65536, rng),
                       "shape: [65536, 65536, 65536, 65536] has more than 2^60 elements",
                       ShapeError);
  CHECK_THROWS_WITH_AS(Conv2d(0, 2, 3, rng),
                       "Conv2d: in, out, kernel and groups must be at least 1, got 0, 2, 3 and 1",
                       ShapeError);
  CHECK_THROWS_WITH_AS(Conv2d(4, 6, 3, rng, {.groups = 4}),
                       "Conv2d: in 4 and out 6 must be divisible by groups 4", ShapeError);
}
