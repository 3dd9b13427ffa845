// Forward correction and the confidence penalty.
#include "apps/common/forward_correction.h"

#include <omp.h>

#include "losses/confidence_penalty.h"
#include "losses/targets/target_matrix.h"
#include "tests/check.h"

using namespace temper;

namespace {
constexpr Reduction none = Reduction::none;

std::vector<double> copy(std::span<const Real> x) { return {x.begin(), x.end()}; }

std::vector<Real> reals(std::initializer_list<double> numbers) {
  std::vector<Real> list;
  for (const double x : numbers) list.push_back(static_cast<Real>(x));
  return list;
}

double loss_of(std::initializer_list<double> row, int label, std::span<const Real> transition) {
  const Parameter z = parameter({1, static_cast<int>(row.size())}, row);
  Tape tape(Tape::Mode::infer);
  return forward_corrected_cross_entropy(tape.input(z), std::vector{label}, transition).item();
}
}  // namespace

TEST_CASE("forward correction is the likelihood of the noisy label") {
  const std::vector<Real> t = reals({0.8, 0.2, 0.3, 0.7});
  // p = 3/4, 1/4
  CHECK(loss_of({std::log(3.0), 0}, 0, t) == doctest::Approx(-std::log(0.675)).epsilon(1e-6));
  CHECK(loss_of({std::log(3.0), 0}, 1, t) == doctest::Approx(-std::log(0.325)).epsilon(1e-6));

  Rng rng(51);
  const Parameter z = random_parameter({50, 11}, rng, 4);
  std::vector<int> y;
  for (int i = 0; i < 50; ++i) y.push_back(static_cast<int>(rng.below(11)));
  const std::vector<Real> noise = symmetric_noise(11, 0.35);
  Tape tape(Tape::Mode::infer);
  const Tensor x = tape.input(z), p = softmax(x);
  std::vector<double> expected;
  double total = 0;
  for (std::size_t r = 0; r < 50; ++r) {
    double likely = 0;
    for (std::size_t c = 0; c < 11; ++c)
      likely += double{p.data[11 * r + c]} * noise[11 * c + static_cast<std::size_t>(y[r])];
    expected.push_back(-std::log(likely));
    total += expected.back();
  }
  check_close(forward_corrected_cross_entropy(x, y, noise, none).values(), expected);
  check_close(forward_corrected_cross_entropy(x, y, noise, Reduction::sum).values(), {total});
  check_close(forward_corrected_cross_entropy(x, y, noise).values(), {total / 50});
}

TEST_CASE("forward correction without noise is cross-entropy, down to tiny losses") {
  const std::vector<Real> clean = smoothing_matrix(2, 0);
  for (const double gap : {0.0, 1.0, 20.0, 60.0}) {
    INFO("gap ", gap);
    const double small = std::log1p(std::exp(-gap));
    CHECK(loss_of({gap, 0}, 0, clean) ==
          doctest::Approx(small).epsilon(is_double ? 1e-14 : 1e-6).scale(small));
    CHECK(loss_of({0, gap}, 0, clean) == doctest::Approx(gap + small).epsilon(1e-6));
  }
}

TEST_CASE("forward correction takes large logits, zeros and what cannot be") {
  const std::vector<Real> pair = pair_noise(3, 0.5);  // label 1 comes from 0 and 1
  for (const double offset : {1e4, -1e4})
    CHECK(loss_of({2 + offset, offset, 1 + offset}, 1, pair) ==
          doctest::Approx(loss_of({2, 0, 1}, 1, pair)).epsilon(1e-6));
  // Nearly all probability is where the label cannot come from.
  CHECK(loss_of({-1, 0, 1000}, 1, pair) ==
        doctest::Approx(1000 - std::log(0.5 * (1 + std::exp(-1)))).epsilon(1e-6));
  CHECK(loss_of({0, 0, -infinity}, 1, pair) == doctest::Approx(-std::log(0.5)).epsilon(1e-6));
  CHECK(loss_of({-infinity, -infinity, 0}, 1, pair) == infinity);
  CHECK(loss_of({1, 2}, 1, reals({1, 0, 1, 0})) == infinity);  // nobody is labelled 1
  CHECK(loss_of({1, 2}, 0, reals({1, 0, 1, 0})) == doctest::Approx(0).epsilon(1e-6));
  CHECK(std::isnan(loss_of({0, 1, not_a_number}, 1, pair)));
  CHECK(std::isnan(loss_of({-infinity, -infinity, -infinity}, 1, pair)));

  // The gradient is finite beside rows whose loss is not.
  const Parameter z = parameter({2, 3}, {1000, 0, 0, -infinity, -infinity, 0});
  Tape tape;
  const Tensor losses =
      forward_corrected_cross_entropy(tape.input(z), std::vector{2, 1}, pair, none);
  tape.backward(sum(rows(losses, 0, 1)));  // p = 1, 0, 0, but label 2 comes from 1 and 2
  check_close(z.tensor().gradients(), {1, -0.5, -0.5, 0, 0, 0});
}

TEST_CASE("forward correction has the gradient that differences say") {
  const std::vector<int> y{1, 0, 3, 3, 2};
  for (const auto& noise : {symmetric_noise(4, 0.3), pair_noise(4, 0.45), smoothing_matrix(4, 0)}) {
    gradients_match([&](auto z) { return forward_corrected_cross_entropy(z[0], y, noise, none); },
                    {{5, 4}});
    gradients_match(
        [&](auto z) {
          const Tensor a = forward_corrected_cross_entropy(z[0], y, noise);
          return a * a + forward_corrected_cross_entropy(z[0] * 3, y, noise, Reduction::sum);
        },
        {{5, 4}});
  }
}

TEST_CASE("forward correction keeps what it needs, and has the same bits at any thread count") {
  const int before = omp_get_max_threads();
  Rng rng(52);
  const Parameter z = random_parameter({3001, 10}, rng, 3);
  std::vector<int> y;
  for (int i = 0; i < 3001; ++i) y.push_back(static_cast<int>(rng.below(10)));
  std::vector<std::vector<double>> expected;
  for (const int threads : {1, 2, 3, 8}) {
    omp_set_num_threads(threads);
    std::ranges::fill(z.tensor().gradients(), Real(0));
    std::vector<int> labels = y;
    std::vector<Real> noise = pair_noise(10, 0.3);
    Tape tape;
    const Tensor losses = forward_corrected_cross_entropy(tape.input(z), labels, noise, none);
    const Tensor loss = forward_corrected_cross_entropy(tape.input(z), labels, noise);
    std::ranges::fill(labels, 0);
    std::ranges::fill(noise, Real(0));
    tape.backward(loss + sum(losses));
    const std::vector<std::vector<double>> found{copy(losses.values()), copy(loss.values()),
                                                 copy(z.tensor().gradients())};
    if (threads == 1) expected = found;
    CHECK((found == expected));
  }
  omp_set_num_threads(before);
}

TEST_CASE("forward correction says what is wrong with its arguments") {
  Tape tape;
  const Parameter z({2, 3}), line({3}), nothing({0, 3});
  const auto loss = [&](const Parameter& logits, std::vector<int> y, const std::vector<Real>& t) {
    return forward_corrected_cross_entropy(tape.input(logits), y, t).item();
  };
  const std::vector<Real> noise = pair_noise(3, 0.5);
  CHECK_THROWS_WITH_AS(loss(line, {0}, noise),
                       "forward_correction: logits must be [n, classes], they are [3]", ShapeError);
  CHECK_THROWS_WITH_AS(loss(z, {0}, noise), "cross_entropy: 2 rows of logits but 1 labels",
                       ShapeError);
  CHECK_THROWS_WITH_AS(loss(z, {0, 3}, noise),
                       "cross_entropy: label[1] = 3 is not a class: logits have 3 classes (0..2)",
                       ShapeError);
  CHECK_THROWS_WITH_AS(loss(z, {0, 1}, pair_noise(2, 0.5)),
                       "forward_correction: the matrix has 4 entries, expected 3 x 3", ShapeError);
  CHECK_THROWS_WITH_AS(loss(z, {0, 1}, std::vector<Real>(9)),
                       "forward_correction: row 0 of the matrix sums to 0, expected 1", ShapeError);
  CHECK(loss(nothing, {}, noise) == 0);
}

TEST_CASE("the confidence penalty is the negative entropy") {
  Tape tape(Tape::Mode::infer);
  const Parameter z = parameter(
      {4, 4}, {5, 5, 5, 5, 1e4, 0, 0, 0, -infinity, 7, -infinity, 7, std::log(3.0), 0, -200, -1e4});
  const double last = 0.75 * std::log(0.75) + 0.25 * std::log(0.25);
  const double total = -std::log(4) + 0 - std::log(2) + last;
  const Tensor x = tape.input(z);
  check_close(confidence_penalty(x, none).values(), {-std::log(4), 0, -std::log(2), last});
  check_close(confidence_penalty(x, Reduction::sum).values(), {total});
  check_close(confidence_penalty(x).values(), {total / 4});
  const Parameter bad = parameter({1, 2}, {0, not_a_number}), line({4}), nothing({0, 3});
  CHECK(std::isnan(confidence_penalty(tape.input(bad)).item()));
  CHECK(confidence_penalty(tape.input(nothing)).item() == 0);
  CHECK_THROWS_WITH_AS(confidence_penalty(tape.input(line)),
                       "confidence_penalty: logits must be [n, classes], they are [4]", ShapeError);
}

TEST_CASE("the confidence penalty has the gradient that differences say, 0 for a class ruled out") {
  const std::vector<int> y{1, 0, 2};
  gradients_match([](auto z) { return confidence_penalty(z[0], none); }, {{3, 5}});
  gradients_match(
      [&](auto z) { return softmax_cross_entropy(z[0], y) + confidence_penalty(z[0]) * 0.1; },
      {{3, 5}});
  const Parameter z = parameter({1, 3}, {std::log(3.0), 0, -infinity});
  Tape tape;
  tape.backward(confidence_penalty(tape.input(z)));
  const double slope = 0.75 * 0.25 * std::log(3.0);  // p (log p + H)
  check_close(z.tensor().gradients(), {slope, -slope, 0});
}
