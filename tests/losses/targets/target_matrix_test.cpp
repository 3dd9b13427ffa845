// Target matrices, the loss that takes them, and labels drawn by them.
#include "losses/targets/target_matrix.h"

#include <numeric>

#include "tests/check.h"

using namespace temper;

namespace {
std::vector<double> copy(std::span<const Real> x) { return {x.begin(), x.end()}; }

std::vector<int> random_labels(int n, int classes, Rng& rng) {
  std::vector<int> y;
  for (int i = 0; i < n; ++i) y.push_back(static_cast<int>(rng.below(classes)));
  return y;
}

std::vector<Real> random_matrix(int classes, Rng& rng) {
  const Parameter numbers = random_parameter({classes, classes}, rng);
  Tape tape(Tape::Mode::infer);
  const Tensor rows = softmax(tape.input(numbers));
  return {rows.values().begin(), rows.values().end()};
}

// The rows of the labels as probabilities in the shape of the logits, [n, C] or [n, C, pixels…].
Parameter rows_of(std::span<const Real> matrix, Labels labels, Shape shape) {
  Parameter t(shape);
  const auto classes = static_cast<std::size_t>(shape[1]);
  const std::size_t inner = shape.size() / classes / static_cast<std::size_t>(shape[0]);
  for (std::size_t r = 0; r < labels.size(); ++r)
    for (std::size_t c = 0; c < classes; ++c)
      t.tensor().data[(r / inner * classes + c) * inner + r % inner] =
          matrix[static_cast<std::size_t>(labels[r]) * classes + c];
  return t;
}

Tensor constant(const Parameter& p) {
  Tensor t = p.tensor();
  t.grad = nullptr;
  return t;
}

// The loss, and the gradient of its weighted sum.
template <class F>
std::pair<std::vector<double>, std::vector<double>> run(const Parameter& z, F loss_of) {
  std::ranges::fill(z.tensor().gradients(), Real(0));
  Tape tape;
  const Tensor loss = loss_of(tape.input(z));
  Parameter weights(loss.shape);
  std::iota(weights.tensor().values().begin(), weights.tensor().values().end(), Real(1));
  tape.backward(sum(loss * constant(weights)));
  return {copy(loss.values()), copy(z.tensor().gradients())};
}
}  // namespace

TEST_CASE("a smoothing matrix mixes the identity with the prior") {
  check_close(smoothing_matrix(3, 0), {1, 0, 0, 0, 1, 0, 0, 0, 1}, 0);
  check_close(smoothing_matrix(2, 0.2), {0.9, 0.1, 0.1, 0.9});
  check_close(smoothing_matrix(2, 1), {0.5, 0.5, 0.5, 0.5});
  const std::vector<Real> prior{Real(0.5), Real(0.5), 0};
  check_close(smoothing_matrix(3, 0.2, prior), {0.9, 0.1, 0, 0.1, 0.9, 0, 0.1, 0.1, 0.8});
}

TEST_CASE("noise matrices say how often a label becomes another") {
  check_close(symmetric_noise(3, 0.5), {0.5, 0.25, 0.25, 0.25, 0.5, 0.25, 0.25, 0.25, 0.5});
  check_close(symmetric_noise(2, 1), {0, 1, 1, 0});
  check_close(pair_noise(3, 0.4), {0.6, 0.4, 0, 0, 0.6, 0.4, 0.4, 0, 0.6});
}

TEST_CASE("labels with a target matrix give what its rows as probabilities give, to the bit") {
  Rng rng(41);
  for (const Shape& shape : std::initializer_list<Shape>{
           {37, 3}, {37, 10}, {37, 40}, {37, 100}, {9, 5, 7}, {3, 5, 4, 6}, {2, 33, 3, 3}}) {
    const int classes = shape[1];
    const Parameter z = random_parameter(shape, rng, 5);
    const std::vector<Real> matrix = random_matrix(classes, rng);
    std::vector<int> y = random_labels(static_cast<int>(shape.without(1).size()), classes, rng);
    const Parameter rows = rows_of(matrix, y, shape);
    std::vector<Real> w, u(static_cast<std::size_t>(classes));
    u[1] = 1;
    for (int c = 0; c < classes; ++c) w.push_back(static_cast<Real>(rng.below(3)));
    std::vector<CrossEntropyOptions> all(4);
    all[1].label_smoothing = 0.1;
    all[2].class_weights = w;
    all[3] = {.label_smoothing = 0.2, .smoothing_prior = u, .class_weights = w};
    for (CrossEntropyOptions o : all) {
      for (const Reduction reduction : {Reduction::none, Reduction::sum, Reduction::mean}) {
        INFO("shape ", shape[0], " x ", classes, ", reduction ", static_cast<int>(reduction));
        o.reduction = reduction;
        const auto expected =
            run(z, [&](Tensor x) { return softmax_cross_entropy(x, constant(rows), o); });
        o.target_matrix = matrix;
        const auto found = run(z, [&](Tensor x) { return softmax_cross_entropy(x, y, o); });
        CHECK(found == expected);
        o.target_matrix = {};
      }
    }
  }
}

TEST_CASE("an ignored label counts nothing beside a target matrix, be it a class or not") {
  Rng rng(45);
  for (const Shape& shape : std::initializer_list<Shape>{{37, 5}, {37, 100}, {9, 5, 7}}) {
    const auto classes = static_cast<std::size_t>(shape[1]);
    const std::size_t inner = shape.rank() == 2 ? 1 : 7;
    const Parameter z = random_parameter(shape, rng, 5);
    const std::vector<Real> matrix = random_matrix(shape[1], rng);
    const std::vector<int> y =
        random_labels(static_cast<int>(shape.without(1).size()), shape[1], rng);
    std::vector<Real> w;
    for (std::size_t c = 0; c < classes; ++c) w.push_back(static_cast<Real>(rng.below(3)));
    CrossEntropyOptions o{.label_smoothing = 0.1,
                          .class_weights = w,
                          .target_matrix = matrix,
                          .reduction = Reduction::none};
    const auto all = run(z, [&](Tensor x) { return softmax_cross_entropy(x, y, o); });
    for (const int ignored : {2, -100}) {
      INFO(classes, " classes, ", ignored, " ignored");
      std::vector<int> some = y;
      some[4] = some[13] = ignored;
      auto expected = all;
      double sum = 0, weight = 0;
      for (std::size_t r = 0; r < some.size(); ++r) {
        const std::size_t first = r / inner * classes * inner + r % inner;
        if (some[r] == ignored) expected.first[r] = 0;
        for (std::size_t c = 0; c < classes; ++c) {
          if (some[r] == ignored)
            expected.second[first + c * inner] = 0;
          else
            weight += double{w[c]} * matrix[static_cast<std::size_t>(some[r]) * classes + c];
        }
        sum += expected.first[r];
      }
      o.ignore_index = ignored;
      CHECK(run(z, [&](Tensor x) { return softmax_cross_entropy(x, some, o); }) == expected);
      CrossEntropyOptions mean = o;
      mean.reduction = Reduction::mean;
      const auto found = run(z, [&](Tensor x) { return softmax_cross_entropy(x, some, mean); });
      CHECK(found.first[0] == doctest::Approx(sum / weight).epsilon(is_double ? 1e-13 : 1e-5));
    }
  }
}

TEST_CASE("cross-entropy with a target matrix: by hand, as smoothing, and by differences") {
  const Parameter z = parameter({2, 2}, {std::log(3.0), 0, std::log(3.0), 0});  // p = 3/4, 1/4
  const std::vector<Real> matrix{Real(0.9), Real(0.1), Real(0.2), Real(0.8)};
  Tape tape(Tape::Mode::infer);
  const Tensor loss = softmax_cross_entropy(
      tape.input(z), std::vector{1, 0}, {.target_matrix = matrix, .reduction = Reduction::none});
  check_close(loss.values(), {-0.2 * std::log(0.75) - 0.8 * std::log(0.25),
                              -0.9 * std::log(0.75) - 0.1 * std::log(0.25)});

  Rng rng(42);
  const Parameter logits = random_parameter({6, 7}, rng, 3);
  const std::vector<int> y = random_labels(6, 7, rng);
  const Real smoothed =
      softmax_cross_entropy(tape.input(logits), y, {.label_smoothing = 0.3}).item();
  const Real by_matrix =
      softmax_cross_entropy(tape.input(logits), y, {.target_matrix = smoothing_matrix(7, 0.3)})
          .item();
  CHECK(by_matrix == doctest::Approx(smoothed).epsilon(is_double ? 1e-14 : 1e-6));

  const std::vector<Real> random = random_matrix(7, rng);
  gradients_match(
      [&](auto x) {
        return softmax_cross_entropy(x[0], y, {.target_matrix = random}) +
               softmax_cross_entropy(x[0] * 2, y, {.ignore_index = y[0], .target_matrix = random});
      },
      {{6, 7}});
}

TEST_CASE("a target matrix may change or go before backward") {
  const Parameter z = parameter({3, 2}, {1, 2, 3, 5, 8, -1});
  const std::vector<Real> matrix = smoothing_matrix(2, 0.4);
  const std::vector<int> y{0, 1, 1};
  const auto expected =
      run(z, [&](Tensor x) { return softmax_cross_entropy(x, y, {.target_matrix = matrix}); });
  const auto found = run(z, [&](Tensor x) {
    std::vector<Real> gone = matrix;
    const Tensor loss = softmax_cross_entropy(x, y, {.target_matrix = gone});
    std::ranges::fill(gone, Real(9));
    return loss;
  });
  CHECK(found == expected);
}

TEST_CASE("cross-entropy says what is wrong with a target matrix") {
  Tape tape;
  const Parameter z({3, 3}), image({1, 3, 3});
  std::vector<Real> matrix = smoothing_matrix(3, 0.5);
  const std::vector<int> y{0, 2, 1};
  const auto loss = [&](const Parameter& logits) {
    softmax_cross_entropy(tape.input(logits), y, {.target_matrix = matrix});
  };
  CHECK_THROWS_WITH_AS(softmax_cross_entropy(tape.input(z), constant(z), {.target_matrix = matrix}),
                       "cross_entropy: target_matrix is for labels, not for probabilities",
                       ShapeError);
  CHECK_THROWS_WITH_AS(linear_cross_entropy(tape.input(z), z, {}, y, {.target_matrix = matrix}),
                       "linear_cross_entropy: a target_matrix and row_weights are for "
                       "softmax_cross_entropy",
                       ShapeError);
  matrix[6] = Real(0.5);
  for (const Parameter* logits : {&z, &image})
    CHECK_THROWS_WITH_AS(loss(*logits),
                         "cross_entropy: row 2 of target_matrix sums to 1.33333, expected 1",
                         ShapeError);
  matrix[5] = Real(-0.5);
  CHECK_THROWS_WITH_AS(
      softmax_cross_entropy(tape.input(z), std::vector{0, 0, 1}, {.target_matrix = matrix}),
      "cross_entropy: row 1 of target_matrix has -0.5 for class 2, expected a probability",
      ShapeError);
  matrix.pop_back();
  CHECK_THROWS_WITH_AS(loss(z), "cross_entropy: target_matrix has 8 entries, expected 3 x 3",
                       ShapeError);
}

TEST_CASE("corrupted labels depend on the seed and their place alone, and on no others") {
  Rng rng(43);
  const std::vector<int> labels = random_labels(1000, 10, rng);
  const std::vector<Real> noise = symmetric_noise(10, 0.4);
  const std::vector<int> noisy = corrupt_labels(labels, noise, 7);
  CHECK(noisy == corrupt_labels(labels, noise, 7));
  CHECK(noisy != corrupt_labels(labels, noise, 8));
  const std::vector<int> first = corrupt_labels(Labels(labels).first(100), noise, 7);
  CHECK(std::ranges::equal(first, Labels(noisy).first(100)));
  CHECK(corrupt_labels(labels, smoothing_matrix(10, 0), 7) == labels);
  const std::vector<int> next = corrupt_labels(labels, pair_noise(10, 1), 7);
  for (std::size_t i = 0; i < labels.size(); ++i) CHECK(next[i] == (labels[i] + 1) % 10);
  CHECK(corrupt_labels({}, noise, 7).empty());
}

TEST_CASE("corrupted labels are as frequent as their matrix says, and never what it excludes") {
  constexpr std::size_t n = 20000;
  Rng rng(44);
  std::vector<Real> matrix = random_matrix(4, rng);
  for (const std::size_t r : {0u, 1u, 2u, 3u}) {  // no class goes to the one before
    Real &gone = matrix[4 * r + (r + 3) % 4], &heir = matrix[4 * r + r];
    heir += gone;
    gone = 0;
  }
  for (const int label : {0, 1, 2, 3}) {
    std::vector<int> count(4);
    for (const int y : corrupt_labels(std::vector<int>(n, label), matrix, 5))
      ++count[static_cast<std::size_t>(y)];
    CHECK(count[static_cast<std::size_t>(label + 3) % 4] == 0);
    for (std::size_t c = 0; c < 4; ++c) {
      const double p = matrix[static_cast<std::size_t>(4 * label) + c];
      CHECK(std::abs(count[c] - n * p) <= 4 * std::sqrt(n * p * (1 - p)));
    }
  }
}

TEST_CASE("target matrices say what is wrong with their arguments") {
  const auto throws = [](auto f, const char* message) {
    CHECK_THROWS_WITH_AS(f(), message, ShapeError);
  };
  throws([] { symmetric_noise(1, 0); }, "symmetric_noise: at least 2 classes are needed, got 1");
  throws([] { pair_noise(3, 1.5); }, "pair_noise: rate must be in [0, 1], got 1.5");
  throws([] { smoothing_matrix(3, -0.1); },
         "smoothing_matrix: smoothing must be in [0, 1], got -0.1");
  throws(
      [] {
        smoothing_matrix(3, 0.1, std::vector<Real>{1, 0});
      },
      "smoothing_matrix: the prior has 2 entries, expected 3");
  throws(
      [] {
        smoothing_matrix(2, 0.1, std::vector<Real>{1, 1});
      },
      "smoothing_matrix: the prior sums to 2, expected 1");
  const std::vector<int> labels{0, 1, 2};
  throws([&] { corrupt_labels(labels, std::vector<Real>(10), 1); },
         "corrupt_labels: the matrix has 10 entries, expected 3 x 3");
  throws(
      [&] {
        corrupt_labels(labels, std::vector<Real>{1, 0, Real(0.5), 0}, 1);
      },
      "corrupt_labels: row 1 of the matrix sums to 0.5, expected 1");
  throws(
      [&] {
        corrupt_labels(labels, std::vector<Real>{1, 0, 2, -1}, 1);
      },
      "corrupt_labels: row 1 of the matrix has -1 for class 1, expected a probability");
  throws([&] { corrupt_labels(labels, pair_noise(2, 0.1), 1); },
         "corrupt_labels: label[2] = 2 is not a class: there are 2 (0..1)");
}
