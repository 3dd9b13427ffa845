// Softmax cross-entropy where it is easy to get wrong: extremes, edges, threads, wrong arguments.
#include <omp.h>

#include <limits>

#include "losses/binary_cross_entropy.h"
#include "losses/cross_entropy.h"
#include "losses/kl_divergence.h"
#include "tests/check.h"

using namespace temper;

namespace {
const CrossEntropyOptions none{.reduction = Reduction::none};

Tensor constant(const Parameter& p) {
  Tensor t = p.tensor();
  t.grad = nullptr;
  return t;
}

double loss_of(std::initializer_list<double> row, int label, const CrossEntropyOptions& o = {}) {
  const Parameter z = parameter({1, static_cast<int>(row.size())}, row);
  Tape tape(Tape::Mode::infer);
  return softmax_cross_entropy(tape.input(z), std::vector{label}, o).item();
}

// Probability rows: softmax of random numbers.
Parameter random_rows(Shape shape, Rng& rng) {
  Parameter t = random_parameter(shape, rng);
  Tape tape(Tape::Mode::infer);
  std::ranges::copy(softmax(tape.input(t)).values(), t.tensor().data);
  return t;
}

std::vector<int> random_labels(int n, int classes, Rng& rng) {
  std::vector<int> y;
  for (int i = 0; i < n; ++i) y.push_back(static_cast<int>(rng.below(classes)));
  return y;
}

std::vector<double> copy(std::span<const Real> x) { return {x.begin(), x.end()}; }
}  // namespace

TEST_CASE("cross-entropy does not change when a large number is added to all logits") {
  constexpr double tolerance = is_double ? 1e-7 : 3e-6;  // 1e8 + 2 has nine digits to spare
  std::vector<double> offsets{0, 1e4, -1e4, 1e6, -1e6};
  if (is_double) offsets.insert(offsets.end(), {1e8, -1e8});
  const Parameter certain = parameter({1, 2}, {1, 0});
  for (const double offset : offsets) {
    INFO("offset ", offset);
    const Parameter z = parameter({1, 2}, {2 + offset, -1 + offset});
    Tape tape;
    const Tensor hard = softmax_cross_entropy(tape.input(z), std::vector{0});
    CHECK(hard.item() == doctest::Approx(0.0485873516).epsilon(tolerance));
    tape.backward(hard);
    check_close(z.tensor().gradients(), {-0.0474258732, 0.0474258732}, 1e-7);
    CHECK(softmax_cross_entropy(tape.input(z), constant(certain)).item() ==
          doctest::Approx(0.0485873516).epsilon(tolerance));
    CHECK(softmax_cross_entropy(tape.input(z), std::vector{0}, {.label_smoothing = 0.1}).item() ==
          doctest::Approx(0.1985873516).epsilon(tolerance));
    CHECK(loss_of({offset, offset, offset}, 1) == doctest::Approx(std::log(3)).epsilon(tolerance));
  }
}

TEST_CASE("cross-entropy keeps the digits of losses far below the rounding of 1") {
  constexpr double tolerance = is_double ? 1e-14 : 1e-6;
  for (const double gap : {5.0, 15.0, 20.0, 40.0, 80.0}) {
    INFO("gap ", gap);
    const double expected = std::log1p(std::exp(-gap));
    CHECK(std::abs(loss_of({0, gap}, 1) - expected) <= tolerance * expected);
    const Parameter z = parameter({1, 2}, {gap, 0}), certain = parameter({1, 2}, {1, 0});
    Tape tape(Tape::Mode::infer);
    const double soft = softmax_cross_entropy(tape.input(z), constant(certain)).item();
    CHECK(std::abs(soft - expected) <= tolerance * expected);
  }
  CHECK(loss_of({0, 1e30}, 1) == 0);
  CHECK(loss_of({0, 1000}, 0) == 1000);
}

TEST_CASE("cross-entropy takes a logit of -inf for a class that cannot be") {
  CHECK(loss_of({2, -infinity, -1}, 0) == doctest::Approx(0.0485873516));
  CHECK(loss_of({2, -infinity, -1}, 1) == infinity);
  CHECK(loss_of({2, -infinity, -1}, 0, {.label_smoothing = 0.1}) == infinity);
  const std::vector<Real> allowed{Real(0.5), 0, Real(0.5)};
  CHECK(loss_of({2, -infinity, -1}, 0, {.label_smoothing = 0.1, .smoothing_prior = allowed}) ==
        doctest::Approx(0.1985873516));
  CHECK(std::isnan(loss_of({-infinity, -infinity}, 0)));

  const Parameter z = parameter({1, 3}, {2, -infinity, -1}), t = parameter({1, 3}, {0.9, 0, 0.1});
  Tape tape;
  const Tensor loss = softmax_cross_entropy(tape.input(z), constant(t));
  CHECK(loss.item() == doctest::Approx(0.3485873516));
  tape.backward(loss);
  check_close(z.tensor().gradients(), {0.0525741268, 0, -0.0525741268}, 1e-7);
  const Parameter impossible = parameter({1, 3}, {0.9, 0.1, 0});
  CHECK(softmax_cross_entropy(tape.input(z), constant(impossible)).item() == infinity);
}

TEST_CASE("cross-entropy is NaN if any logit of a row is, and only there") {
  for (const int classes : {1, 2, 10, 16, 17, 40, 100}) {
    for (int bad = 0; bad < classes; ++bad) {
      INFO("class ", bad, " of ", classes);
      Parameter z({3, classes});
      z.tensor().data[classes + bad] = static_cast<Real>(not_a_number);
      Parameter t({3, classes});
      for (int r = 0; r < 3; ++r) t.tensor().data[r * classes] = 1;
      for (const double smoothing : {0.0, 0.1}) {
        Tape tape;
        const CrossEntropyOptions o{.label_smoothing = smoothing, .reduction = Reduction::none};
        const double row = std::log(classes);
        check_close(softmax_cross_entropy(tape.input(z), std::vector{0, 0, 0}, o).values(),
                    {row, not_a_number, row});
        check_close(softmax_cross_entropy(tape.input(z), constant(t), o).values(),
                    {row, not_a_number, row});
      }
      Tape tape;
      const Tensor mean = softmax_cross_entropy(tape.input(z), std::vector{0, 0, 0});
      CHECK(std::isnan(mean.item()));
      CHECK_THROWS_AS(tape.backward(mean), NumericError);
    }
  }
}

TEST_CASE("cross-entropy of one class is 0, and so is its gradient") {
  const Parameter z = parameter({2, 1}, {3, -7}), t = parameter({2, 1}, {1, 1});
  Tape tape;
  const Tensor hard =
      softmax_cross_entropy(tape.input(z), std::vector{0, 0}, {.label_smoothing = 0.1});
  const Tensor soft = softmax_cross_entropy(tape.input(z), constant(t));
  check_close(hard.values(), {0}, 0);
  CHECK_FALSE(std::signbit(hard.item()));
  tape.backward(hard + soft);
  check_close(z.tensor().gradients(), {0, 0}, is_double ? 1e-15 : 1e-7);
}

TEST_CASE("cross-entropy of no rows is 0, and of ignored rows too, with no gradient") {
  const Parameter empty({0, 3});
  const Parameter z = parameter({2, 3}, {1, 2, not_a_number, 4, infinity, 6});
  const std::vector<int> no_labels, ignored{-100, -100};
  for (const double smoothing : {0.0, 0.1}) {
    for (const Reduction reduction : {Reduction::none, Reduction::sum, Reduction::mean}) {
      const CrossEntropyOptions o{
          .label_smoothing = smoothing, .ignore_index = -100, .reduction = reduction};
      Tape tape;
      const Tensor of_none = softmax_cross_entropy(tape.input(empty), no_labels, o);
      const Tensor of_ignored = softmax_cross_entropy(tape.input(z), ignored, o);
      CHECK(of_none.shape == (reduction == Reduction::none ? Shape{0} : Shape{}));
      if (reduction != Reduction::none) CHECK(of_none.item() == 0);
      for (const Real loss : of_ignored.values()) CHECK(loss == 0);
      tape.backward(sum(of_none) + sum(of_ignored));
      for (const Real g : z.tensor().gradients()) CHECK(g == 0);
    }
  }
  Tape tape;
  CHECK(softmax_cross_entropy(tape.input(empty), constant(empty)).item() == 0);
}

TEST_CASE("a mean over rows whose classes all weigh nothing is 0") {
  const Parameter z = parameter({2, 2}, {1, 2, 3, 4});
  const std::vector<Real> w{0, 1};
  Tape tape;
  const Tensor loss = softmax_cross_entropy(tape.input(z), std::vector{0, 0},
                                            {.label_smoothing = 0.1, .class_weights = w});
  CHECK(loss.item() == 0);
  tape.backward(loss);
  check_close(z.tensor().gradients(), {0, 0, 0, 0}, 0);
}

TEST_CASE("ignoring rows is leaving them out, even if their logits are not finite") {
  Rng rng(5);
  const Parameter z = random_parameter({6, 4}, rng), kept({3, 4});
  std::vector<int> y{1, 2, 0, 2, 3, 2}, kept_y{1, 0, 3};
  for (const int r : {0, 1, 2}) std::copy_n(z.tensor().data + 8 * r, 4, kept.tensor().data + 4 * r);
  z.tensor().data[5] = static_cast<Real>(not_a_number);
  const std::vector<Real> w{1, 3, 100, Real(0.5)};
  for (const double smoothing : {0.0, 0.1}) {
    for (const Reduction reduction : {Reduction::none, Reduction::sum, Reduction::mean}) {
      for (Real& g : z.tensor().gradients()) g = 0;
      for (Real& g : kept.tensor().gradients()) g = 0;
      CrossEntropyOptions o{
          .label_smoothing = smoothing, .class_weights = w, .reduction = reduction};
      Tape tape;
      const Tensor small = softmax_cross_entropy(tape.input(kept), kept_y, o);
      o.ignore_index = 2;
      const Tensor large = softmax_cross_entropy(tape.input(z), y, o);
      tape.backward(sum(small) + sum(large));
      CHECK(sum(small).item() == sum(large).item());
      for (const std::size_t r : {0u, 1u, 2u}) {
        for (const std::size_t c : {0u, 1u, 2u, 3u}) {
          CHECK(z.tensor().grad[8 * r + c] == kept.tensor().grad[4 * r + c]);
          CHECK(z.tensor().grad[8 * r + 4 + c] == 0);
        }
      }
    }
  }
}

TEST_CASE("the gradient is exact for the sum that a probability row has") {
  const Parameter t = parameter({1, 4}, {0.5, 0.25, 0, 0.2505});
  gradients_match([&](auto z) { return softmax_cross_entropy(z[0], constant(t)); }, {{1, 4}}, 1e-9);
  const Parameter z = parameter({1, 4}, {1, 2, 3, 4});
  Tape tape;
  tape.backward(softmax_cross_entropy(tape.input(z), constant(t), {.reduction = Reduction::sum}));
  double total = 0;
  for (const Real g : z.tensor().gradients()) total += double{g};
  CHECK(std::abs(total) < (is_double ? 1e-15 : 1e-6));  // p - t would give -0.0005
}

TEST_CASE("a summed cross-entropy is the sum over the parts of a batch") {
  Rng rng(6);
  const Parameter z = random_parameter({50, 7}, rng);
  const std::vector<int> y = random_labels(50, 7, rng);
  const CrossEntropyOptions o{.label_smoothing = 0.1, .reduction = Reduction::sum};
  Tape tape;
  const Tensor x = tape.input(z);
  const Tensor whole = softmax_cross_entropy(x, y, o);
  tape.backward(whole);
  const std::vector<double> gradient = copy(z.tensor().gradients());
  for (Real& g : z.tensor().gradients()) g = 0;
  const std::span labels(y);
  const Tensor parts = softmax_cross_entropy(rows(x, 0, 13), labels.first(13), o) +
                       softmax_cross_entropy(rows(x, 13, 50), labels.subspan(13), o);
  CHECK(parts.item() == doctest::Approx(whole.item()).epsilon(is_double ? 1e-14 : 1e-6));
  tape.backward(parts);
  check_close(z.tensor().gradients(), gradient, 0);
}

TEST_CASE(
    "cross-entropy adds to gradients, as often as it is used and times what comes from above") {
  Rng rng(8);
  const std::vector<int> y{2, 0};
  const Parameter t = random_rows({2, 3}, rng);
  gradients_match(
      [&](auto z) {
        const Tensor a = softmax_cross_entropy(z[0], y, {.label_smoothing = 0.1});
        const Tensor b = softmax_cross_entropy(z[0], constant(t), none);
        return a * 3 + sum(b * b) + a * a + sum(z[0]);
      },
      {{2, 3}});
}

TEST_CASE("cross-entropy keeps what it needs: callers' arrays may change before backward") {
  const Parameter a = parameter({2, 3}, {1, 2, 3, 4, 5, 7}),
                  b = parameter({2, 3}, {1, 2, 3, 4, 5, 7});
  Tape tape;
  std::vector<int> y{0, 1};
  std::vector<Real> w{1, 2, 3}, u{Real(0.5), Real(0.5), 0};
  const auto loss = [&](const Parameter& z) {
    return softmax_cross_entropy(
        tape.input(z), y, {.label_smoothing = 0.1, .smoothing_prior = u, .class_weights = w});
  };
  tape.backward(loss(a));
  tape.clear();
  const Tensor changed = loss(b);
  y = {2, 2}, w = {0, 0, 0}, u = {0, 0, 0};
  tape.backward(changed);
  check_close(b.tensor().gradients(), copy(a.tensor().gradients()), 0);
}

TEST_CASE("cross-entropy infers without gradients and to the same bits") {
  Rng rng(9);
  const Parameter z = random_parameter({5, 3}, rng);
  Tape train, infer(Tape::Mode::infer);
  const std::vector<int> y{0, 1, 2, 1, 0};
  const Tensor loss = softmax_cross_entropy(infer.input(z), y);
  CHECK(loss.grad == nullptr);
  CHECK(infer.steps().empty());
  CHECK(loss.item() == softmax_cross_entropy(train.input(z), y).item());
}

TEST_CASE("losses have the same bits at any number of threads") {
  const int before = omp_get_max_threads();
  Rng rng(10);
  for (const auto& size : {std::pair{9001, 10}, {1100, 100}, {37, 5003}}) {
    const int n = size.first, classes = size.second;
    INFO(n, " rows of ", classes);
    const Parameter z = random_parameter({n, classes}, rng, 3);
    const Parameter t = random_rows({n, classes}, rng);
    std::vector<int> y = random_labels(n, classes, rng);
    std::vector<Real> w;
    for (int c = 0; c < classes; ++c) w.push_back(static_cast<Real>(rng.uniform()));
    std::vector<std::vector<Real>> expected;
    for (const int threads : {1, 2, 3, 8}) {
      INFO("threads ", threads);
      omp_set_num_threads(threads);
      std::vector<std::vector<Real>> found;
      const auto run = [&](auto loss_of) {
        for (Real& g : z.tensor().gradients()) g = 0;
        Tape tape;
        const Tensor loss = loss_of(tape.input(z));
        tape.backward(sum(loss));
        found.emplace_back(loss.values().begin(), loss.values().end());
        found.emplace_back(z.tensor().gradients().begin(), z.tensor().gradients().end());
      };
      for (const Reduction reduction : {Reduction::none, Reduction::mean}) {
        for (const double smoothing : {0.0, 0.1}) {
          const CrossEntropyOptions o{
              .label_smoothing = smoothing, .class_weights = w, .reduction = reduction};
          run([&](Tensor x) { return softmax_cross_entropy(x, y, o); });
          run([&](Tensor x) { return softmax_cross_entropy(x, constant(t), o); });
        }
        run([&](Tensor x) { return kl_divergence(x, constant(t), reduction); });
        run([&](Tensor x) { return kl_divergence_to_logits(x, constant(t), reduction); });
        run([&](Tensor x) {
          return binary_cross_entropy_with_logits(x, constant(t), {.reduction = reduction});
        });
      }
      if (threads == 1) expected = found;
      CHECK((found == expected));
    }
  }
  omp_set_num_threads(before);
}

TEST_CASE("cross-entropy says what is wrong with its arguments") {
  Tape tape;
  const Parameter z({20, 10}), t({20, 10}), narrow({20, 9}), line({3}), no_class({2, 0});
  for (int r = 0; r < 20; ++r) t.tensor().data[10 * r] = 1;
  const Tensor x = tape.input(z);
  const std::vector<int> y(20, 3);
  const auto hard = [&](std::vector<int> labels, const CrossEntropyOptions& o = {}) {
    softmax_cross_entropy(x, labels, o);
  };
  const auto hard_options = [&](const CrossEntropyOptions& o) { softmax_cross_entropy(x, y, o); };
  const auto soft_cell = [&](int row, int column, double value) {
    const Real before = t.tensor().data[10 * row + column];
    t.tensor().data[10 * row + column] = static_cast<Real>(value);
    struct Restore {
      Real *place, before;
      ~Restore() { *place = before; }
    } const restore{&t.tensor().data[10 * row + column], before};
    softmax_cross_entropy(x, constant(t));
  };

  std::vector<int> labels = y;
  labels[17] = 12;
  CHECK_THROWS_WITH_AS(
      hard(labels), "cross_entropy: label[17] = 12 is not a class: logits have 10 classes (0..9)",
      ShapeError);
  CHECK_THROWS_WITH_AS(
      hard(labels, {.ignore_index = 3}),
      "cross_entropy: label[17] = 12 is not a class: logits have 10 classes (0..9)", ShapeError);
  CHECK_NOTHROW(hard(labels, {.ignore_index = 12}));
  labels[2] = -1;
  CHECK_THROWS_WITH_AS(hard(labels, {.label_smoothing = 0.1}),
                       "cross_entropy: label[2] = -1 is not a class: logits have 10 classes (0..9)",
                       ShapeError);
  CHECK_THROWS_WITH_AS(hard(std::vector<int>(64)), "cross_entropy: 20 rows of logits but 64 labels",
                       ShapeError);
  CHECK_THROWS_WITH_AS(
      softmax_cross_entropy(tape.input(line), y),
      "cross_entropy: logits must be [n, classes] or [n, classes, pixels…], they are [3]",
      ShapeError);
  CHECK_THROWS_WITH_AS(softmax_cross_entropy(tape.input(no_class), std::vector{0, 0}),
                       "cross_entropy: logits must be [n, classes] or [n, classes, pixels…], they "
                       "are [2, 0]",
                       ShapeError);
  CHECK_THROWS_WITH_AS(softmax_cross_entropy(z, y),
                       "cross_entropy: no input is on a tape; put one there with tape.input(x)",
                       ShapeError);

  CHECK_THROWS_WITH_AS(hard_options({.label_smoothing = -0.1}),
                       "cross_entropy: label_smoothing must be in [0, 1], got -0.1", ShapeError);
  CHECK_THROWS_WITH_AS(hard_options({.label_smoothing = 1.5}),
                       "cross_entropy: label_smoothing must be in [0, 1], got 1.5", ShapeError);
  CHECK_THROWS_WITH_AS(hard_options({.label_smoothing = not_a_number}),
                       "cross_entropy: label_smoothing must be in [0, 1], got nan", ShapeError);
  std::vector<Real> entries(9, Real(0.1));
  CHECK_THROWS_WITH_AS(hard_options({.smoothing_prior = entries}),
                       "cross_entropy: smoothing_prior has 9 entries, expected 10", ShapeError);
  CHECK_THROWS_WITH_AS(hard_options({.class_weights = entries}),
                       "cross_entropy: class_weights has 9 entries, expected 10", ShapeError);
  entries.push_back(0);
  CHECK_THROWS_WITH_AS(hard_options({.smoothing_prior = entries}),
                       "cross_entropy: smoothing_prior sums to 0.9, expected 1", ShapeError);
  entries[2] = -1;
  CHECK_THROWS_WITH_AS(hard_options({.class_weights = entries}),
                       "cross_entropy: class_weights[2] = -1, expected a finite number >= 0",
                       ShapeError);
  entries[2] = static_cast<Real>(not_a_number);
  CHECK_THROWS_WITH_AS(hard_options({.smoothing_prior = entries}),
                       "cross_entropy: smoothing_prior[2] = nan, expected a finite number >= 0",
                       ShapeError);

  CHECK_NOTHROW(soft_cell(5, 0, 1.0009));
  CHECK_THROWS_WITH_AS(soft_cell(5, 0, 0.83),
                       "cross_entropy: target row 5 sums to 0.83, expected 1", ShapeError);
  CHECK_THROWS_WITH_AS(soft_cell(19, 0, 1.002),
                       "cross_entropy: target row 19 sums to 1.002, expected 1", ShapeError);
  CHECK_THROWS_WITH_AS(soft_cell(5, 3, -1e-5),
                       "cross_entropy: target row 5 has -1e-05 for class 3, expected a probability",
                       ShapeError);
  CHECK_THROWS_WITH_AS(soft_cell(0, 9, not_a_number),
                       "cross_entropy: target row 0 has nan for class 9, expected a probability",
                       ShapeError);
  CHECK_THROWS_WITH_AS(soft_cell(1, 1, infinity),
                       "cross_entropy: target row 1 has inf for class 1, expected a probability",
                       ShapeError);
  CHECK_THROWS_WITH_AS(softmax_cross_entropy(x, constant(narrow)),
                       "cross_entropy: probabilities are [20, 9], logits are [20, 10]", ShapeError);
  CHECK_THROWS_WITH_AS(softmax_cross_entropy(x, constant(t), {.ignore_index = -100}),
                       "cross_entropy: ignore_index is for labels, not for probabilities",
                       ShapeError);
  CHECK_THROWS_WITH_AS(
      softmax_cross_entropy(x, t),
      "cross_entropy: probabilities want a gradient, but are taken as constants; set their grad "
      "to nullptr",
      ShapeError);
  tape.clear();
  CHECK_THROWS_WITH_AS(softmax_cross_entropy(x, y),
                       "tensor [20, 10] is from a step the tape has cleared", ShapeError);
}

TEST_CASE("the first bad row of a large batch is named, whichever thread sees it") {
  Rng rng(12);
  const Parameter z = random_parameter({9001, 10}, rng), t = random_rows({9001, 10}, rng);
  std::vector<int> y = random_labels(9001, 10, rng);
  y[8000] = y[3456] = 10;
  for (const std::size_t r : {8999u, 4321u}) t.tensor().data[10 * r] += 1;
  Tape tape;
  CHECK_THROWS_WITH_AS(
      softmax_cross_entropy(tape.input(z), y),
      "cross_entropy: label[3456] = 10 is not a class: logits have 10 classes (0..9)", ShapeError);
  CHECK_THROWS_WITH_AS(softmax_cross_entropy(tape.input(z), constant(t)),
                       "cross_entropy: target row 4321 sums to 2, expected 1", ShapeError);
}
