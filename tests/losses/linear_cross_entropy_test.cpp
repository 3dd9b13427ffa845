// The fused last layer and loss: the same numbers as its two ops one after the other.
#include <omp.h>

#include "losses/cross_entropy.h"
#include "tests/check.h"

using namespace temper;

namespace {
std::vector<double> copy(std::span<const Real> x) { return {x.begin(), x.end()}; }

struct Problem {
  Parameter x, weight, bias;
  std::vector<int> labels;

  Problem(int n, int in, int classes, Rng& rng)
      : x(random_parameter({n, in}, rng)),
        weight(random_parameter({classes, in}, rng)),
        bias(random_parameter({classes}, rng)) {
    for (int i = 0; i < n; ++i)
      labels.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(classes))));
  }
  // The value of f(x, weight, bias) and the gradients of 3 times its (weighted) sum.
  template <class F>
  std::vector<std::vector<double>> run(F f) const {
    for (const Parameter* p : {&x, &weight, &bias})
      for (Real& g : p->tensor().gradients()) g = 1;  // what was there stays
    Tape tape;
    const Tensor y = f(tape.input(x), weight, bias);
    const Tensor w = tape.result(y.shape, false);
    for (std::size_t i = 0; i < w.size(); ++i) w.data[i] = static_cast<Real>(3 + i);
    tape.backward(sum(y * w));
    return {copy(y.values()), copy(x.tensor().gradients()), copy(weight.tensor().gradients()),
            copy(bias.tensor().gradients())};
  }
};
}  // namespace

TEST_CASE("linear_cross_entropy is softmax_cross_entropy of linear for any shape and options") {
  Rng rng(31);
  for (const int n : {0, 1, 7, 100, 600}) {
    const int in = 1 + static_cast<int>(rng.below(20));
    const int classes = n == 600 ? 4200 : 2 + static_cast<int>(rng.below(60));  // three parts
    INFO("n ", n, " in ", in, " classes ", classes);
    const Problem p(n, in, classes, rng);
    std::vector<Real> w, u(static_cast<std::size_t>(classes), Real(1) / static_cast<Real>(classes));
    for (int c = 0; c < classes; ++c) w.push_back(static_cast<Real>(rng.below(3)));
    std::vector<CrossEntropyOptions> all(3);
    all[1].label_smoothing = 0.1;
    all[2] = {.label_smoothing = 0.2, .smoothing_prior = u, .class_weights = w, .ignore_index = 1};
    for (CrossEntropyOptions o : all) {
      for (const Reduction reduction : {Reduction::none, Reduction::sum, Reduction::mean}) {
        o.reduction = reduction;
        for (const bool has_bias : {false, true}) {
          const auto found = p.run([&](Tensor x, Tensor weight, Tensor bias) {
            return linear_cross_entropy(x, weight, has_bias ? bias : Tensor{}, p.labels, o);
          });
          const auto expected = p.run([&](Tensor x, Tensor weight, Tensor bias) {
            return softmax_cross_entropy(linear(x, weight, has_bias ? bias : Tensor{}), p.labels,
                                         o);
          });
          REQUIRE(found.size() == expected.size());
          for (std::size_t k = 0; k < found.size(); ++k) {
            INFO("result ", k);
            const std::vector<Real> numbers(found[k].begin(), found[k].end());
            check_close(numbers, expected[k], is_double ? 1e-11 : 2e-5);
          }
        }
      }
    }
  }
}

TEST_CASE("linear_cross_entropy has the gradients that differences say") {
  Rng rng(32);
  std::vector<int> y;
  for (int i = 0; i < 260; ++i) y.push_back(static_cast<int>(rng.below(4)));
  const std::vector<Real> w{1, 0, 2, Real(0.5)};
  for (const Reduction reduction : {Reduction::sum, Reduction::mean}) {
    const CrossEntropyOptions o{
        .label_smoothing = 0.1, .class_weights = w, .ignore_index = 3, .reduction = reduction};
    gradients_match(
        [&](auto in) {
          const Tensor loss = linear_cross_entropy(in[0], in[1], in[2], y, o);
          return loss * loss + loss;
        },
        {{260, 2}, {4, 2}, {4}}, reduction == Reduction::sum ? 1e-5 : 1e-6);
  }
}

TEST_CASE("linear_cross_entropy: frozen inputs, inferring, losses that are not finite") {
  Rng rng(33);
  const Problem p(300, 5, 40, rng);
  Tape infer(Tape::Mode::infer), tape;
  const Tensor trained = linear_cross_entropy(tape.input(p.x), p.weight, p.bias, p.labels);
  CHECK(linear_cross_entropy(infer.input(p.x), p.weight, p.bias, p.labels).item() ==
        trained.item());
  Tensor frozen = p.weight;
  frozen.grad = nullptr;
  tape.backward(linear_cross_entropy(tape.input(p.x), frozen, {}, p.labels));
  p.x.tensor().data[1499] = static_cast<Real>(not_a_number);
  const Tensor bad = linear_cross_entropy(tape.input(p.x), p.weight, p.bias, p.labels);
  CHECK(std::isnan(bad.item()));
  CHECK_THROWS_AS(tape.backward(bad), NumericError);
}

TEST_CASE("linear_cross_entropy has the same bits at any number of threads") {
  const int before = omp_get_max_threads();
  Rng rng(34);
  const Problem p(520, 33, 4200, rng);
  std::vector<std::vector<double>> expected;
  for (const int threads : {1, 2, 3, 8}) {
    omp_set_num_threads(threads);
    const auto found = p.run([&](Tensor x, Tensor weight, Tensor bias) {
      return linear_cross_entropy(x, weight, bias, p.labels, {.label_smoothing = 0.1});
    });
    if (threads == 1) expected = found;
    CHECK((found == expected));
  }
  omp_set_num_threads(before);
}

TEST_CASE("linear_cross_entropy says what is wrong, by the row of the whole batch") {
  Rng rng(35);
  Problem p(300, 5, 4, rng);
  Tape tape;
  const auto loss = [&](Tensor x, const CrossEntropyOptions& o = {}) {
    linear_cross_entropy(tape.input(x), p.weight, p.bias, p.labels, o);
  };
  const Parameter cube({2, 3, 5}), wide({300, 6});
  CHECK_THROWS_WITH_AS(loss(cube),
                       "linear_cross_entropy: x [2, 3, 5], weight [4, 5]: two matrices are needed",
                       ShapeError);
  CHECK_THROWS_AS(loss(wide), ShapeError);
  CHECK_THROWS_WITH_AS(loss(p.x, {.label_smoothing = 2}),
                       "cross_entropy: label_smoothing must be in [0, 1], got 2", ShapeError);
  p.labels[280] = 4;
  CHECK_THROWS_WITH_AS(loss(p.x),
                       "cross_entropy: label[280] = 4 is not a class: logits have 4 classes (0..3)",
                       ShapeError);
  p.labels.pop_back();
  CHECK_THROWS_WITH_AS(loss(p.x), "cross_entropy: 300 rows of logits but 299 labels", ShapeError);
}
