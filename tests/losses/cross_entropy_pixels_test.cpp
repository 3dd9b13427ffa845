// Softmax cross-entropy of pixels: against PyTorch, the loss of the same numbers as rows, central
// differences, and where it is easy to get wrong.
#include <omp.h>

#include "losses/cross_entropy.h"
#include "tests/check.h"

using namespace temper;

namespace {
Tensor constant(const Parameter& p) {
  Tensor t = p.tensor();
  t.grad = nullptr;
  return t;
}

std::vector<double> copy(std::span<const Real> x) { return {x.begin(), x.end()}; }

// Σ (i + 1) y_i, so that every pixel has another upstream gradient.
Tensor weighted_sum(Tensor y) {
  const Tensor w = y.tape->result(y.shape, false);
  for (std::size_t i = 0; i < w.size(); ++i) w.data[i] = static_cast<Real>(i + 1);
  return y.size() == 1 ? y : sum(y * w);
}

// [n, classes, pixels…] -> [n · pixels, classes]
Parameter as_rows(const Parameter& p) {
  const Tensor x = p.tensor();
  const int n = x.shape.without(1).size(), classes = x.shape[1];
  const int inner = n / x.shape[0];
  Parameter rows({n, classes});
  for (int r = 0; r < n; ++r)
    for (int c = 0; c < classes; ++c)
      rows.tensor().data[r * classes + c] = x.data[(r / inner * classes + c) * inner + r % inner];
  return rows;
}

// Random probabilities over axis 1.
Parameter random_targets(Shape shape, Rng& rng) {
  Parameter p(shape);
  const Tensor t = p.tensor();
  const std::size_t classes = static_cast<std::size_t>(shape[1]),
                    n = static_cast<std::size_t>(shape[0]), inner = t.size() / n / classes;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < inner; ++j) {
      double total = 0;
      std::vector<double> row(classes);
      for (double& x : row) total += x = rng.below(4) == 0 ? 0 : rng.uniform() + 0.01;
      if (total == 0) total = row[0] = 1;
      for (std::size_t c = 0; c < classes; ++c)
        t.data[(i * classes + c) * inner + j] = static_cast<Real>(row[c] / total);
    }
  return p;
}

std::vector<int> random_labels(std::size_t n, int classes, Rng& rng) {
  std::vector<int> y(n);
  for (int& label : y) label = static_cast<int>(rng.below(static_cast<std::uint64_t>(classes)));
  return y;
}

struct Reference {
  bool soft, all;
  Reduction reduction;
  std::vector<double> loss, gradient;
};
const std::vector<Reference> references{
#include "cross_entropy_pixels_reference.inc"
};
const std::vector<int> labels{2, 0, 1, 1, 0, 2, 1, 0};
const std::vector<Real> weights{Real(0.5), 2, 3};
}  // namespace

TEST_CASE("cross-entropy of pixels equals PyTorch") {
  for (const Reference& r : references) {
    INFO("soft ", r.soft, " all ", r.all, " reduction ", static_cast<int>(r.reduction));
    for (const Shape& shape : {Shape{2, 3, 2, 2}, Shape{2, 3, 4}}) {
      const Parameter z =
          parameter(shape, {1.5, -0.25, 0.75,  -2, 3,   0.5, 0.125, 0.25, -1, 4,    -3,   2.5,
                            0,   2,     -1.25, 1,  0.5, -4,  1.75,  1,    2,  -0.5, 0.25, 1});
      const Parameter t =
          parameter(shape, {0.25, 1,     0,    0.5, 0.75, 0,    0.5,  0.25, 0, 0,     0.5, 0.25,
                            1,    0.125, 0.25, 0,   0,    0.25, 0.25, 0,    0, 0.625, 0.5, 1});
      CrossEntropyOptions o{.reduction = r.reduction};
      if (r.all) o.label_smoothing = 0.1, o.class_weights = weights;
      if (r.all && !r.soft) o.ignore_index = 1;
      Tape tape;
      const Tensor loss = r.soft ? softmax_cross_entropy(tape.input(z), constant(t), o)
                                 : softmax_cross_entropy(tape.input(z), labels, o);
      CHECK(loss.shape == (r.reduction == Reduction::none ? shape.without(1) : Shape{}));
      check_close(loss.values(), r.loss);
      tape.backward(weighted_sum(loss));
      check_close(z.tensor().gradients(), r.gradient);
    }
  }
}

TEST_CASE("cross-entropy of pixels is that of the same numbers as rows") {
  Rng rng(21);
  for (int round = 0; round < 60; ++round) {
    const auto length = [&](std::uint64_t most) { return 1 + static_cast<int>(rng.below(most)); };
    const Shape shape{length(3), length(round % 2 == 0 ? 8 : 130), length(9), length(9)};
    INFO("shape ", shape);
    const int classes = shape[1];
    const Parameter z = random_parameter(shape, rng, 4), t = random_targets(shape, rng);
    const Parameter z_rows = as_rows(z), t_rows = as_rows(t);
    const std::vector<int> y = random_labels(shape.without(1).size(), classes, rng);
    std::vector<Real> w, u(static_cast<std::size_t>(classes), Real(1) / Real(classes));
    for (int c = 0; c < classes; ++c) w.push_back(static_cast<Real>(rng.below(3)));
    const auto check = [&](const auto& targets, const auto& as_rows_too, CrossEntropyOptions o) {
      for (Real& g : z.tensor().gradients()) g = 0;
      for (Real& g : z_rows.tensor().gradients()) g = 0;
      Tape tape;
      const Tensor pixels = softmax_cross_entropy(tape.input(z), targets, o);
      const Tensor rows = softmax_cross_entropy(tape.input(z_rows), as_rows_too, o);
      check_close(pixels.values(), copy(rows.values()), is_double ? 1e-13 : 4e-6);
      tape.backward(weighted_sum(pixels) + weighted_sum(rows));
      Parameter gradient(shape);
      std::ranges::copy(z.tensor().gradients(), gradient.tensor().data);
      check_close(as_rows(gradient).tensor().values(), copy(z_rows.tensor().gradients()),
                  is_double ? 1e-13 : 1e-5);
    };
    for (const Reduction reduction : {Reduction::none, Reduction::sum, Reduction::mean}) {
      CrossEntropyOptions o{.reduction = reduction};
      check(y, y, o);
      check(constant(t), constant(t_rows), o);
      o.label_smoothing = 0.2;
      o.class_weights = w;
      check(constant(t), constant(t_rows), o);
      o.ignore_index = y[0];
      check(y, y, o);
      o.smoothing_prior = u;
      check(y, y, o);
    }
  }
}

TEST_CASE("cross-entropy of pixels: labels and their one-hot targets agree, gradients match") {
  Rng rng(22);
  const Shape shape{2, 5, 3, 7};
  const std::vector<int> y = random_labels(42, 5, rng);
  const Parameter one_hot(shape), soft = random_targets(shape, rng);
  for (int r = 0; r < 42; ++r)
    one_hot.tensor().data[(r / 21 * 5 + y[static_cast<std::size_t>(r)]) * 21 + r % 21] = 1;
  const std::vector<Real> w{1, 0, 2, Real(0.5), 3};
  for (const Reduction reduction : {Reduction::none, Reduction::mean}) {
    for (const double smoothing : {0.0, 0.1}) {
      const CrossEntropyOptions o{
          .label_smoothing = smoothing, .class_weights = w, .reduction = reduction};
      const Parameter z = random_parameter(shape, rng), same(shape);
      std::ranges::copy(z.tensor().values(), same.tensor().data);
      Tape tape;
      const Tensor a = softmax_cross_entropy(tape.input(z), y, o);
      const Tensor b = softmax_cross_entropy(tape.input(same), constant(one_hot), o);
      check_close(a.values(), copy(b.values()), is_double ? 1e-14 : 1e-6);
      tape.backward(weighted_sum(a) + weighted_sum(b));
      check_close(z.tensor().gradients(), copy(same.tensor().gradients()),
                  is_double ? 1e-14 : 1e-6);
      CrossEntropyOptions ignoring = o;
      ignoring.ignore_index = 2;
      gradients_match([&](auto x) { return softmax_cross_entropy(x[0], y, ignoring); }, {shape});
      gradients_match([&](auto x) { return softmax_cross_entropy(x[0], constant(soft), o); },
                      {shape});
    }
  }
}

TEST_CASE("cross-entropy of pixels: what is not finite stays where it is") {
  const Shape shape{2, 3, 1, 19};
  const Parameter z(shape);
  std::vector<int> y(38, 1);
  const auto logit = [&](int image, int c, int pixel) -> Real& {
    return z.tensor().data[(image * 3 + c) * 19 + pixel];
  };
  logit(0, 2, 4) = static_cast<Real>(not_a_number);
  logit(1, 0, 18) = static_cast<Real>(-infinity);
  logit(1, 1, 2) = static_cast<Real>(-infinity);
  logit(1, 2, 3) = static_cast<Real>(infinity);
  logit(0, 1, 18) = static_cast<Real>(not_a_number);
  y[18] = -100;
  std::vector<double> expected(38, std::log(3.0));
  expected[4] = not_a_number;
  expected[18] = 0;
  expected[19 + 18] = std::log(2.0);
  expected[19 + 2] = expected[19 + 3] = infinity;
  Tape tape;
  const Tensor loss =
      softmax_cross_entropy(tape.input(z), y, {.ignore_index = -100, .reduction = Reduction::none});
  check_close(loss.values(), expected);
  const Parameter empty({0, 3, 4, 4}), flat({2, 3, 0, 4});
  const std::vector<int> no_labels;
  CHECK(softmax_cross_entropy(tape.input(empty), no_labels).item() == 0);
  CHECK(softmax_cross_entropy(tape.input(flat), no_labels).item() == 0);
}

TEST_CASE("cross-entropy of pixels has the same bits at any number of threads") {
  const int before = omp_get_max_threads();
  Rng rng(23);
  for (const Shape& shape : {Shape{5, 4, 37, 41}, Shape{3, 300, 7, 9}, Shape{40, 21, 25, 1}}) {
    INFO("shape ", shape);
    const Parameter z = random_parameter(shape, rng, 3), t = random_targets(shape, rng);
    const std::vector<int> y = random_labels(shape.without(1).size(), shape[1], rng);
    std::vector<std::vector<double>> expected;
    for (const int threads : {1, 2, 3, 8}) {
      omp_set_num_threads(threads);
      std::vector<std::vector<double>> found;
      for (Real& g : z.tensor().gradients()) g = 0;
      Tape tape;
      const Tensor x = tape.input(z);
      const Tensor a = softmax_cross_entropy(x, y, {.label_smoothing = 0.1});
      const Tensor b = softmax_cross_entropy(x, constant(t), {.reduction = Reduction::none});
      tape.backward(a + sum(b));
      for (const auto& numbers : {a.values(), b.values(), z.tensor().gradients()})
        found.push_back(copy(numbers));
      if (threads == 1) expected = found;
      CHECK((found == expected));
    }
  }
  omp_set_num_threads(before);
}

TEST_CASE("cross-entropy of pixels says which pixel is wrong") {
  Tape tape;
  const Parameter z({2, 4, 3, 5}), t({2, 4, 3, 5}), rows({2, 4, 15});
  std::fill_n(t.tensor().data, t.tensor().size(), Real(0.25));
  const Tensor x = tape.input(z);
  std::vector<int> y(30, 3);
  y[22] = 4;
  CHECK_THROWS_WITH_AS(softmax_cross_entropy(x, y),
                       "cross_entropy: label[22] of pixel [1, 1, 2] = 4 is not a class: logits "
                       "have 4 classes (0..3)",
                       ShapeError);
  CHECK_THROWS_WITH_AS(softmax_cross_entropy(x, std::vector<int>(2)),
                       "cross_entropy: 30 pixels of logits but 2 labels", ShapeError);
  CHECK_THROWS_WITH_AS(softmax_cross_entropy(x, constant(rows)),
                       "cross_entropy: probabilities are [2, 4, 15], logits are [2, 4, 3, 5]",
                       ShapeError);
  t.tensor().data[60 + 2 * 15 + 7] = Real(0.75);
  CHECK_THROWS_WITH_AS(softmax_cross_entropy(x, constant(t)),
                       "cross_entropy: target pixel [1, 1, 2] sums to 1.5, expected 1", ShapeError);
  t.tensor().data[60 + 2 * 15 + 7] = Real(-0.5);
  CHECK_THROWS_WITH_AS(
      softmax_cross_entropy(x, constant(t)),
      "cross_entropy: target pixel [1, 1, 2] has -0.5 for class 2, expected a probability",
      ShapeError);
}
