// Mean squared error, binary cross-entropy and Kullback-Leibler divergence.
#include <limits>
#include <string>

#include "losses/binary_cross_entropy.h"
#include "losses/cross_entropy.h"
#include "losses/kl_divergence.h"
#include "losses/mse.h"
#include "tests/check.h"

using namespace temper;

namespace {
Tensor constant(const Parameter& p) {
  Tensor t = p.tensor();
  t.grad = nullptr;
  return t;
}

struct Reference {
  std::string name;
  Reduction reduction;
  std::vector<double> loss, gradient;
};

const std::vector<Reference> references{
#include "losses_reference.inc"
};
}  // namespace

TEST_CASE("the other losses equal PyTorch, and their gradients differences") {
  const Parameter targets = parameter({2, 3}, {0.2, 0.3, 0.5, 0, 1, 0});
  const Parameter other = parameter({2, 3}, {0.5, 1, -1, 2, -0.5, 0.25});
  CHECK(references.size() == 15);
  for (const Reference& r : references) {
    INFO(r.name, ", reduction ", static_cast<int>(r.reduction));
    const auto loss_of = [&](Tensor z) {
      if (r.name == "mean_squared_error")
        return mean_squared_error(z, constant(other), r.reduction);
      if (r.name == "binary")
        return binary_cross_entropy_with_logits(z, constant(targets), {.reduction = r.reduction});
      if (r.name == "binary smoothed weighted")
        return binary_cross_entropy_with_logits(
            z, constant(targets),
            {.label_smoothing = 0.2, .positive_weight = 3, .reduction = r.reduction});
      if (r.name == "kl") return kl_divergence(z, constant(targets), r.reduction);
      REQUIRE(r.name == "kl to logits");
      return kl_divergence_to_logits(z, constant(other), r.reduction);
    };
    std::vector<Parameter> z;
    z.push_back(parameter({2, 3}, {1.5, -0.25, 0.75, -2, 3, 0.5}));
    Tape tape;
    const Tensor loss = loss_of(tape.input(z[0]));
    check_close(loss.values(), r.loss);
    Parameter upstream(loss.shape);
    for (std::size_t i = 0; i < loss.size(); ++i)
      upstream.tensor().data[i] = static_cast<Real>(i + 1);
    tape.backward(sum(loss * constant(upstream)));
    check_close(z[0].tensor().gradients(), r.gradient);
    gradients_match([&](auto x) { return loss_of(x[0]); }, z);
    gradients_match(
        [&](auto x) { return sum(loss_of(x[0])) * 3 + sum(loss_of(x[0]) * loss_of(x[0])); }, z);
  }
}

TEST_CASE("mean squared error gives both sides a gradient") {
  gradients_match([](auto x) { return mean_squared_error(x[0], x[1]); }, {{2, 3}, {2, 3}});
  gradients_match([](auto x) { return mean_squared_error(x[0], x[0] * x[1]); }, {{4}, {4}});
  Tape tape(Tape::Mode::infer);
  const Parameter a = parameter({3}, {1, 1e6, -2}), b = parameter({3}, {1, 0, 1});
  const Tensor x = tape.input(a);
  check_close(mean_squared_error(x, b, Reduction::none).values(), {0, 1e12, 9});
  check_close(mean_squared_error(x, b).values(), {(1e12 + 9) / 3});
  const Parameter none({0, 4});
  CHECK(mean_squared_error(tape.input(none), none).item() == 0);
  const Parameter row({1, 3});
  CHECK_THROWS_WITH_AS(mean_squared_error(x, row),
                       "mean_squared_error: [3] and targets [1, 3] must have equal shapes",
                       ShapeError);
}

TEST_CASE("binary cross-entropy is exact for certain and for impossible answers") {
  const auto loss = [](double logit, double target, BinaryCrossEntropyOptions o = {}) {
    const Parameter x = parameter({1}, {logit}), t = parameter({1}, {target});
    Tape tape(Tape::Mode::infer);
    return static_cast<double>(binary_cross_entropy_with_logits(tape.input(x), t, o).item());
  };
  const double tolerance = is_double ? 1e-14 : 1e-6;
  for (const double x : {0.0, 1.0, 10.0, 30.0, 80.0}) {  // by hand: log(1 + e⁻ˣ)
    INFO("logit ", x);
    const double small = std::log1p(std::exp(-x));
    CHECK(std::abs(loss(x, 1) - small) <= tolerance * small);
    CHECK(std::abs(loss(-x, 0) - small) <= tolerance * small);
    CHECK(loss(-x, 1) == doctest::Approx(x + small).epsilon(tolerance));
    CHECK(loss(x, 0, {.label_smoothing = 0.2}) ==
          doctest::Approx(small + 0.9 * x).epsilon(tolerance));
  }
  CHECK(loss(1e30, 1) == 0);
  CHECK(loss(infinity, 1) == 0);
  CHECK(loss(-infinity, 0) == 0);
  CHECK(loss(-infinity, 1) == infinity);
  CHECK(loss(infinity, 0.5) == infinity);
  CHECK(std::isnan(loss(not_a_number, 1)));
  CHECK(loss(-3, 1, {.positive_weight = 0}) == 0);
  CHECK(loss(3, 0.25, {.label_smoothing = 1}) == loss(3, 0.5));
}

TEST_CASE("binary cross-entropy gives soft targets a gradient too") {
  Rng rng(4);
  std::vector<Parameter> inputs;
  inputs.push_back(random_parameter({2, 3}, rng, 3));
  inputs.push_back(parameter({2, 3}, {0.1, 0.5, 0.9, 0.3, 0.7, 0.01}));
  gradients_match(
      [](auto x) {
        return binary_cross_entropy_with_logits(x[0], x[1],
                                                {.label_smoothing = 0.1, .positive_weight = 2.5});
      },
      inputs);
}

TEST_CASE("binary cross-entropy says what is wrong with its arguments") {
  Tape tape;
  const Parameter z({40, 3}), t({40, 3}), wide({40, 4});
  const Tensor x = tape.input(z);
  const auto with = [&](const BinaryCrossEntropyOptions& o) {
    binary_cross_entropy_with_logits(x, t, o);
  };
  CHECK_THROWS_WITH_AS(
      binary_cross_entropy_with_logits(x, wide),
      "binary_cross_entropy: logits [40, 3] and targets [40, 4] must have equal shapes",
      ShapeError);
  CHECK_THROWS_WITH_AS(with({.label_smoothing = -0.1}),
                       "binary_cross_entropy: label_smoothing must be in [0, 1], got -0.1",
                       ShapeError);
  CHECK_THROWS_WITH_AS(with({.positive_weight = -2}),
                       "binary_cross_entropy: positive_weight must be finite and >= 0, got -2",
                       ShapeError);
  t.tensor().data[117] = Real(1.25);
  CHECK_THROWS_WITH_AS(with({}), "binary_cross_entropy: target[117] = 1.25 is not in [0, 1]",
                       ShapeError);
  t.tensor().data[17] = static_cast<Real>(not_a_number);
  CHECK_THROWS_WITH_AS(with({}), "binary_cross_entropy: target[17] = nan is not in [0, 1]",
                       ShapeError);
}

TEST_CASE("the divergence of equal distributions is 0, of others positive") {
  Rng rng(3);
  const Parameter z = random_parameter({20, 17}, rng, 5), other = random_parameter({20, 17}, rng);
  Tape tape(Tape::Mode::infer);
  const Tensor x = tape.input(z);
  for (const Real d : kl_divergence_to_logits(x, z, Reduction::none).values()) CHECK(d == 0);
  for (const Real d : kl_divergence_to_logits(x, other, Reduction::none).values()) CHECK(d > 0);
  const double tolerance = is_double ? 1e-14 : 1e-6;
  CHECK(std::abs(kl_divergence(x, softmax(x)).item()) < tolerance);
  CHECK(kl_divergence_to_logits(x + 1000, other).item() ==
        doctest::Approx(kl_divergence_to_logits(x, tape.input(other) + 500).item()).epsilon(1e-4));
}

TEST_CASE("the divergence of two teachers who are nearly sure keeps its digits") {
  for (const double gap : {10.0, 20.0, 30.0}) {
    INFO("gap ", gap);
    const Parameter student = parameter({1, 2}, {gap, 0}),
                    teacher = parameter({1, 2}, {gap + 1, 0});
    // with q = e^-(gap + 1) / (1 + e^-(gap + 1)) the teacher's small probability, by hand:
    const double q = 1 / (1 + std::exp(gap + 1));
    const double kl = (std::log1p(std::exp(-gap)) - std::log1p(std::exp(-gap - 1))) - q;
    Tape tape(Tape::Mode::infer);
    const double found = kl_divergence_to_logits(tape.input(student), constant(teacher)).item();
    CHECK(found == doctest::Approx(kl).epsilon(is_double ? 1e-6 : 1e-5));
  }
}

TEST_CASE("the divergence is cross-entropy without the entropy of the targets") {
  Rng rng(2);
  const Parameter z = random_parameter({5, 4}, rng), other = random_parameter({5, 4}, rng);
  Tape tape(Tape::Mode::infer);
  const Tensor x = tape.input(z), t = softmax(tape.input(other));
  const double entropy = -sum(t * log(t)).item() / 5;
  const double expected = double{softmax_cross_entropy(x, t).item()} - entropy;
  CHECK(kl_divergence(x, t).item() == doctest::Approx(expected).epsilon(1e-6));
  CHECK(kl_divergence_to_logits(x, other).item() == doctest::Approx(expected).epsilon(1e-6));
}

TEST_CASE("the divergence takes zeros: 0 log 0 is 0, a missing probability infinite") {
  Tape tape;
  const Parameter z = parameter({3, 2}, {0, -infinity, 0, -infinity, 0, 0});
  const Parameter t = parameter({3, 2}, {1, 0, 0.5, 0.5, 0, 1});
  const Parameter logits = parameter({3, 2}, {3, -infinity, 3, 3, -infinity, 3});
  const std::vector<double> expected{0, infinity, std::log(2)};
  const Tensor x = tape.input(z);
  check_close(kl_divergence(x, constant(t), Reduction::none).values(), expected);
  check_close(kl_divergence_to_logits(x, constant(logits), Reduction::none).values(), expected);
  tape.backward(sum(rows(kl_divergence(x, constant(t), Reduction::none), 2, 3)));
  check_close(z.tensor().gradients().last(2), {0.5, -0.5});
  const Parameter bad = parameter({1, 2}, {0, not_a_number}), half = parameter({1, 2}, {0, 0});
  CHECK(std::isnan(kl_divergence_to_logits(tape.input(bad), constant(half)).item()));
  CHECK(std::isnan(kl_divergence_to_logits(tape.input(half), constant(bad)).item()));
  const Parameter none({0, 2}), one({2, 1});
  CHECK(kl_divergence(tape.input(none), constant(none)).item() == 0);
  CHECK(kl_divergence_to_logits(tape.input(one), constant(one)).item() == 0);
}

TEST_CASE("the gradient of the divergence is exact for the sum that a row has") {
  const Parameter t = parameter({1, 4}, {0.5, 0.25, 0, 0.2505});
  gradients_match([&](auto z) { return kl_divergence(z[0], constant(t)); }, {{1, 4}}, 1e-9);
}

TEST_CASE("the divergence says what is wrong with its arguments") {
  Tape tape;
  const Parameter z({2, 3}), row({3}), wide({2, 4});
  const Parameter t = parameter({2, 3}, {0, 0, 1, 0, 0, 0.83});
  const Tensor x = tape.input(z);
  CHECK_THROWS_WITH_AS(kl_divergence(x, constant(t)),
                       "kl_divergence: target row 1 sums to 0.83, expected 1", ShapeError);
  t.tensor().data[3] = Real(-0.5);
  CHECK_THROWS_WITH_AS(kl_divergence(x, constant(t)),
                       "kl_divergence: target row 1 has -0.5 for class 0, expected a probability",
                       ShapeError);
  CHECK_THROWS_WITH_AS(kl_divergence(x, constant(wide)),
                       "kl_divergence: targets are [2, 4], logits are [2, 3]", ShapeError);
  CHECK_THROWS_WITH_AS(kl_divergence(tape.input(row), constant(row)),
                       "kl_divergence: logits must be [n, classes], they are [3]", ShapeError);
  CHECK_THROWS_WITH_AS(
      kl_divergence_to_logits(x, z),
      "kl_divergence: targets want a gradient, but are taken as constants; set their grad to "
      "nullptr",
      ShapeError);
}
