// mixup and cutmix.
#include "apps/common/mixup.h"

#include <omp.h>

#include <numeric>

#include "tests/check.h"

using namespace temper;

namespace {
std::vector<double> copy(std::span<const Real> x) { return {x.begin(), x.end()}; }

std::vector<int> count_to(int n) {
  std::vector<int> list(static_cast<std::size_t>(n));
  std::iota(list.begin(), list.end(), 0);
  return list;
}

// Images whose pixels are all the number of the image.
Parameter numbered(Shape shape) {
  Parameter p(shape);
  const std::size_t size = shape.size() / static_cast<std::size_t>(shape[0]);
  for (std::size_t i = 0; i < shape.size(); ++i) p.tensor().data[i] = static_cast<Real>(i / size);
  return p;
}
}  // namespace

TEST_CASE("mixup blends each sample with a partner by one share") {
  Rng numbers(61), rng(1);
  for (const int n : {1, 2, 7, 64}) {
    const Parameter x = random_parameter({n, 3, 5}, numbers);
    const std::vector<int> labels = count_to(n);  // so that a label names its sample
    Tape tape(Tape::Mode::infer);
    const Mixed mixed = mixup(tape.input(x), labels, 1, rng);
    CHECK(std::ranges::equal(mixed.first, labels));
    CHECK(std::ranges::is_permutation(mixed.second, labels));
    CHECK((mixed.share > 0 && mixed.share < 1));
    CHECK(mixed.inputs.shape == x.tensor().shape);
    std::vector<double> expected;
    for (std::size_t i = 0; i < x.tensor().size(); ++i) {
      const std::size_t partner = static_cast<std::size_t>(mixed.second[i / 15]) * 15 + i % 15;
      expected.push_back(mixed.share * double{x.tensor().data[i]} +
                         (1 - mixed.share) * double{x.tensor().data[partner]});
    }
    check_close(mixed.inputs.values(), expected, is_double ? 1e-15 : 1e-6);
  }
}

TEST_CASE("the share is from a Beta distribution, however small its parameter") {
  const Parameter x({1, 1});
  Rng rng(2);
  for (const double alpha : {1e-5, 0.1, 0.5, 1.0, 8.0}) {
    INFO("alpha ", alpha);
    constexpr int n = 20000;
    double sum = 0, squares = 0;
    Tape tape(Tape::Mode::infer);
    for (int i = 0; i < n; ++i) {
      tape.clear();
      const double share = mixup(tape.input(x), std::vector{0}, alpha, rng).share;
      REQUIRE((share >= 0 && share <= 1));
      sum += share - 0.5;
      squares += (share - 0.5) * (share - 0.5);
    }
    const double variance = 1 / (4 * (2 * alpha + 1));
    CHECK(std::abs(sum / n) < 4 * std::sqrt(variance / n));
    CHECK(squares / n == doctest::Approx(variance).epsilon(0.04));
  }
}

TEST_CASE("with alpha 0 nothing is blended") {
  Rng numbers(62), rng(3);
  const Parameter x = random_parameter({5, 16}, numbers);
  Tape tape(Tape::Mode::infer);
  for (const auto& f : {mixup, cutmix}) {
    const Mixed mixed = f(tape.input(x), count_to(5), 0, rng);
    CHECK(mixed.share == 1);
    CHECK(copy(mixed.inputs.values()) == copy(x.tensor().values()));
  }
}

TEST_CASE(
    "cutmix puts one rectangle of the partner into every channel, and the share is what is left") {
  Rng rng(4);
  int cuts = 0, at_edge = 0;
  const Shape shape{3, 2, 6, 8};
  const Parameter x = numbered(shape);
  for (int trial = 0; trial < 200; ++trial) {
    Tape tape(Tape::Mode::infer);
    const Mixed mixed = cutmix(tape.input(x), count_to(3), 1, rng);
    const auto pixel = [&](int i, int c, int row, int column) {
      return static_cast<int>(mixed.inputs.data[((i * 2 + c) * 6 + row) * 8 + column]);
    };
    int top = 6, bottom = 0, left = 8, right = 0, covered = 0;
    for (int i = 0; i < 3; ++i) {
      const int partner = mixed.second[static_cast<std::size_t>(i)];
      if (partner == i) continue;
      int inside = 0;
      for (int row = 0; row < 6; ++row) {
        for (int column = 0; column < 8; ++column) {
          const int number = pixel(i, 0, row, column);
          CHECK((number == i || number == partner));
          CHECK(number == (pixel(i, 1, row, column)));
          if (number == i) continue;
          ++inside;
          top = std::min(top, row), bottom = std::max(bottom, row + 1);
          left = std::min(left, column), right = std::max(right, column + 1);
        }
      }
      CHECK(inside == std::max(0, bottom - top) * std::max(0, right - left));
      CHECK(mixed.share == doctest::Approx(1 - inside / 48.0).epsilon(1e-12));
      covered = inside;
    }
    cuts += covered > 0 ? 1 : 0;
    at_edge += covered > 0 && (top == 0 || left == 0 || bottom == 6 || right == 8) ? 1 : 0;
  }
  CHECK(cuts > 100);
  CHECK(at_edge > 50);
  CHECK(at_edge < cuts);
}

TEST_CASE("cutmix takes flat squares and images of one channel alike") {
  const Parameter flat = numbered({5, 49}), images = numbered({5, 7, 7}),
                  channels = numbered({5, 1, 7, 7});
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<std::vector<double>> found;
    for (const Parameter* x : {&flat, &images, &channels}) {
      Rng rng(seed);
      Tape tape(Tape::Mode::infer);
      const Mixed mixed = cutmix(tape.input(*x), count_to(5), 0.7, rng);
      found.push_back(copy(mixed.inputs.values()));
      found.back().push_back(mixed.share);
    }
    CHECK(found[0] == found[1]);
    CHECK(found[0] == found[2]);
  }
}

TEST_CASE("blended inputs that were computed get their gradient") {
  for (const auto& f : {mixup, cutmix}) {
    gradients_match(
        [&](auto x) {
          Rng rng(5);  // the same blend in each evaluation
          return f(x[0] * x[0], count_to(5), 1, rng).inputs;
        },
        {{5, 3, 3}});
  }
}

TEST_CASE("the loss of blended samples is that of both labels by their shares") {
  Rng rng(6);
  const Parameter z = random_parameter({5, 5}, rng);
  Tape tape;
  const Tensor x = tape.input(z);
  std::vector<int> labels = count_to(5);
  const Mixed mixed = mixup(x, labels, 1, rng);
  std::ranges::fill(labels, -1);  // the blend keeps its own
  const CrossEntropyOptions o{.label_smoothing = 0.1};
  const double expected = mixed.share * softmax_cross_entropy(x, mixed.first, o).item() +
                          (1 - mixed.share) * softmax_cross_entropy(x, mixed.second, o).item();
  CHECK(mixed_cross_entropy(x, mixed, o).item() == doctest::Approx(expected).epsilon(1e-6));

  // The same as the blended targets.
  Parameter t({5, 5});
  for (std::size_t i = 0; i < 5; ++i) {
    t.tensor().data[5 * i + static_cast<std::size_t>(mixed.first[i])] += Real(mixed.share);
    t.tensor().data[5 * i + static_cast<std::size_t>(mixed.second[i])] += Real(1 - mixed.share);
  }
  Tensor targets = t;
  targets.grad = nullptr;
  CHECK(softmax_cross_entropy(x, targets, o).item() == doctest::Approx(expected).epsilon(1e-6));
  tape.backward(mixed_cross_entropy(mixed.inputs, mixed));
}

TEST_CASE("the same generator blends the same way, to the bit, at any number of threads") {
  const int before = omp_get_max_threads();
  Rng numbers(63);
  const Parameter x = random_parameter({301, 144}, numbers);
  for (const auto& f : {mixup, cutmix}) {
    std::vector<std::vector<double>> expected;
    for (const int threads : {1, 2, 3, 8}) {
      omp_set_num_threads(threads);
      std::ranges::fill(x.tensor().gradients(), Real(0));
      Rng rng(7);
      Tape tape;
      const Mixed mixed = f(tape.input(x), count_to(301), 0.4, rng);
      tape.backward(sum(mixed.inputs * mixed.inputs));
      const std::vector<std::vector<double>> found{copy(mixed.inputs.values()),
                                                   copy(x.tensor().gradients()),
                                                   {mixed.second.begin(), mixed.second.end()}};
      if (threads == 1) expected = found;
      CHECK((found == expected));
    }
  }
  omp_set_num_threads(before);
}

TEST_CASE("mixup and cutmix say what is wrong with their arguments") {
  Tape tape;
  Rng rng(8);
  const Parameter rows({4, 10}), no_pixels({4, 0, 3}), none({0, 4}), scalar(Shape{});
  CHECK_THROWS_WITH_AS(mixup(tape.input(rows), count_to(3), 1, rng),
                       "mixup: inputs are [4, 10], but there are 3 labels", ShapeError);
  CHECK_THROWS_WITH_AS(mixup(tape.input(scalar), count_to(1), 1, rng),
                       "mixup: inputs are [], but there are 1 labels", ShapeError);
  CHECK_THROWS_WITH_AS(cutmix(tape.input(rows), count_to(4), -1, rng),
                       "cutmix: alpha must be finite and >= 0, got -1", ShapeError);
  CHECK_THROWS_WITH_AS(mixup(tape.input(rows), count_to(4), infinity, rng),
                       "mixup: alpha must be finite and >= 0, got inf", ShapeError);
  CHECK_THROWS_WITH_AS(cutmix(tape.input(rows), count_to(4), 1, rng),
                       "cutmix: inputs [4, 10] are not images: [n, c, h, w], [n, h, w] or flat "
                       "squares are needed",
                       ShapeError);
  CHECK_THROWS_WITH_AS(cutmix(tape.input(no_pixels), count_to(4), 1, rng),
                       "cutmix: inputs [4, 0, 3] need 1 to 2^30 pixels", ShapeError);
  CHECK_THROWS_WITH_AS(mixup(rows, count_to(4), 1, rng),
                       "mixup: no input is on a tape; put one there with tape.input(x)",
                       ShapeError);
  CHECK(cutmix(tape.input(none), {}, 1, rng).inputs.size() == 0);
}
