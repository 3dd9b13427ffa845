// Metrics: values worked by hand, an independent oracle, streaming, and what is refused.
#include "losses/metrics.h"

#include <limits>

#include "losses/cross_entropy.h"
#include "tests/check.h"

using namespace temper;

namespace {
// Logits whose softmax is the given probabilities.
Parameter logits_for(Shape shape, std::initializer_list<double> probabilities) {
  Parameter z = parameter(shape, probabilities);
  for (Real& x : z.tensor().values()) x = std::log(x);
  return z;
}

std::vector<double> figures(const Metrics& m) {
  return {static_cast<double>(m.count()),
          m.accuracy(),
          m.top(2),
          m.nll(),
          m.brier(),
          m.mean_confidence(),
          m.overconfidence(),
          m.ece()};
}

struct TestBatch {
  Tensor inputs;
  std::span<const int> labels;
};
}  // namespace

TEST_CASE("metrics have the values worked by hand") {
  // right at 0.7, wrong at 0.6 (second), wrong at 0.5 (last), right at 0.5
  const Parameter z = logits_for({4, 3}, {.7, .2, .1, .3, .6, .1, .5, .4, .1, .25, .25, .5});
  Metrics m;
  m.add(z, std::vector{0, 0, 2, 2});
  const double tolerance = is_double ? 1e-12 : 1e-6;
  const auto near = [=](double x) { return doctest::Approx(x).epsilon(tolerance); };
  CHECK(m.count() == 4);
  CHECK(m.accuracy() == 0.5);
  CHECK(m.top(1) == 0.5);
  CHECK(m.top(2) == 0.75);
  CHECK(m.top(3) == 1);
  CHECK(m.top(100) == 1);
  CHECK(m.nll() == near(-(std::log(.7) + std::log(.3) + std::log(.1) + std::log(.5)) / 4));
  // (.09 + .04 + .01) + (.49 + .36 + .01) + (.25 + .16 + .81) + (.0625 + .0625 + .25)
  CHECK(m.brier() == near((.14 + .86 + 1.22 + .375) / 4));
  CHECK(m.mean_confidence() == near((.7 + .6 + .5 + .5) / 4));
  CHECK(m.overconfidence() == near(0.075));
  // bins of 1/15: .7 in (10/15, 11/15], .6 in (8/15, 9/15] or above by a rounding, .5 twice in one
  CHECK(m.ece() == near((.3 + .6 + std::abs(1.0 - 1)) / 4));
  CHECK(m.confusion() == std::vector<std::vector<std::int64_t>>{{1, 1, 0}, {0, 0, 0}, {1, 0, 1}});
  CHECK(m.bins()[7].count == 2);
  CHECK(m.bins()[7].correct == 1);
  CHECK(m.bins()[7].confidence == near(1));
  CHECK(m.bins()[10].count == 1);
  CHECK(m.bins()[10].correct == 1);
}

TEST_CASE("a confidence on the edge of two bins is in the lower one, and 1 in the last") {
  Metrics m;
  const Parameter third({1, 3}), fifth({1, 5});  // softmax of zeros: 5/15, 3/15
  m.add(third, std::vector{0});
  CHECK(m.bins()[4].count == 1);
  Metrics n;
  n.add(fifth, std::vector{0});
  CHECK(n.bins()[2].count == 1);
  const Parameter certain =
      parameter({2, 5}, {0, 0, 5000, 0, 0, -infinity, 2, -infinity, -infinity, -infinity});
  n.add(certain, std::vector{2, 0});
  CHECK(n.bins()[14].count == 2);
  CHECK(n.bins()[14].correct == 1);
  CHECK(n.nll() == infinity);  // the label had no probability at all
  const Parameter many({1, 1000});
  Metrics small;
  small.add(many, std::vector{0});
  CHECK(small.bins()[0].count == 1);
}

TEST_CASE("equal logits are taken in the order of the classes") {
  const Parameter z = parameter({3, 4}, {1, 2, 2, 0, 1, 2, 2, 0, 5, 5, 5, 5});
  Metrics m;
  m.add(z, std::vector{1, 2, 3});
  CHECK(m.accuracy() == 1.0 / 3);
  CHECK(m.top(2) == 2.0 / 3);
  CHECK(m.top(3) == 2.0 / 3);
  CHECK(m.top(4) == 1);
  CHECK(m.confusion()[2][1] == 1);
  CHECK(m.confusion()[3][0] == 1);
}

TEST_CASE("metrics equal a plain oracle, in pieces as at once") {
  Rng rng(21);
  constexpr int n = 500, classes = 7;
  const Parameter z = random_parameter({n, classes}, rng, 2);
  std::vector<int> y;
  for (int i = 0; i < n; ++i) y.push_back(static_cast<int>(rng.below(classes)));

  double accuracy = 0, top2 = 0, nll = 0, brier = 0, confidence = 0, ece = 0;
  std::vector<double> gap(15);
  for (int r = 0; r < n; ++r) {
    const Real* row = z.tensor().data + r * classes;
    const int label = y[static_cast<std::size_t>(r)];
    double sum = 0, best = 0;
    for (int c = 0; c < classes; ++c) sum += std::exp(double{row[c]});
    int above = 0;
    for (int c = 0; c < classes; ++c) {
      const double p = std::exp(double{row[c]}) / sum, t = c == label;
      above += row[c] > row[label];
      best = std::max(best, p);
      brier += (p - t) * (p - t) / n;
    }
    accuracy += (above == 0) / double{n};
    top2 += (above <= 1) / double{n};
    nll -= std::log(std::exp(double{row[label]}) / sum) / n;
    confidence += best / n;
    for (int b = 0; b < 15; ++b)
      if (best > b / 15.0 && best <= (b + 1) / 15.0)
        gap[static_cast<std::size_t>(b)] += best - (above == 0);
  }
  for (const double g : gap) ece += std::abs(g) / n;
  const std::vector<double> expected{
      n, accuracy, top2, nll, brier, confidence, confidence - accuracy, ece};

  Metrics whole, pieces;
  whole.add(z, y);
  Tape tape(Tape::Mode::infer);
  for (int begin = 0; begin < n; begin += 33) {
    const int end = std::min(begin + 33, n);
    pieces.add(rows(tape.input(z), begin, end),
               std::span(y).subspan(static_cast<std::size_t>(begin),
                                    static_cast<std::size_t>(end - begin)));
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    INFO("figure ", i);
    CHECK(figures(whole)[i] == doctest::Approx(expected[i]).epsilon(1e-12));
  }
  CHECK(figures(whole) == figures(pieces));
  CHECK(whole.confusion() == pieces.confusion());
}

TEST_CASE("metrics keep the digits of large logits and of tiny losses") {
  const Parameter z = parameter({1, 2}, {10030, 10000});
  Metrics m;
  m.add(z, std::vector{0});
  const double miss = std::exp(-30) / (1 + std::exp(-30));
  CHECK(m.nll() == doctest::Approx(std::log1p(std::exp(-30))).epsilon(1e-12));
  CHECK(m.brier() == doctest::Approx(2 * miss * miss).epsilon(1e-12));
  CHECK(m.nll() > 0);
}

TEST_CASE("metrics refuse what they cannot count, and then count nothing of it") {
  Metrics m;
  const Parameter z({3, 4}), wide({3, 5}), row({4}), one_class({1, 1}), nothing({0, 4});
  const auto empty = "metrics: nothing was added yet";
  m.add(nothing, std::vector<int>{});
  CHECK(m.count() == 0);
  CHECK_THROWS_WITH_AS(m.accuracy(), empty, ShapeError);
  CHECK_THROWS_WITH_AS(m.nll(), empty, ShapeError);
  CHECK_THROWS_WITH_AS(m.brier(), empty, ShapeError);
  CHECK_THROWS_WITH_AS(m.ece(), empty, ShapeError);
  CHECK_THROWS_WITH_AS(m.overconfidence(), empty, ShapeError);
  CHECK_THROWS_WITH_AS(m.confusion(), empty, ShapeError);
  m.add(z, std::vector{0, 1, 2});
  CHECK_THROWS_WITH_AS(m.top(0), "metrics: top(0), expected at least 1", ShapeError);
  CHECK_THROWS_WITH_AS(m.add(z, std::vector{0, 1}), "metrics: 3 rows of logits but 2 labels",
                       ShapeError);
  CHECK_THROWS_WITH_AS(m.add(z, std::vector{0, 4, 1}),
                       "metrics: label[1] = 4 is not a class: logits have 4 classes (0..3)",
                       ShapeError);
  CHECK_THROWS_WITH_AS(m.add(z, std::vector{0, 1, -1}),
                       "metrics: label[2] = -1 is not a class: logits have 4 classes (0..3)",
                       ShapeError);
  CHECK_THROWS_WITH_AS(m.add(wide, std::vector{0, 1, 2}),
                       "metrics: logits must be [n, classes] or [n, classes, pixels…], as many "
                       "classes each time, they are [3, 5]",
                       ShapeError);
  CHECK_THROWS_WITH_AS(m.add(row, std::vector{0, 1, 2}),
                       "metrics: logits must be [n, classes] or [n, classes, pixels…], as many "
                       "classes each time, they are [4]",
                       ShapeError);
  CHECK_THROWS_WITH_AS(Metrics({.bins = 0}), "metrics: 0 bins, expected at least 1", ShapeError);
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), infinity}) {
    for (std::size_t c = 0; c < 4; ++c) {
      const Parameter broken({3, 4});
      broken.tensor().data[4 + c] = static_cast<Real>(bad);
      CHECK_THROWS_WITH_AS(
          m.add(broken, std::vector{0, 1, 2}),
          "metrics: row 1 of the logits has no softmax: it has NaN, inf, or only -inf", ShapeError);
    }
  }
  Tape tape(Tape::Mode::infer);
  const Tensor old = tape.input(z) + 1;
  tape.clear();
  CHECK_THROWS_WITH_AS(m.add(old, std::vector{0, 1, 2}),
                       "tensor [3, 4] is from a step the tape has cleared", ShapeError);
  CHECK(m.count() == 3);

  Metrics certain;
  certain.add(one_class, std::vector{0});
  CHECK(figures(certain) == std::vector<double>{1, 1, 1, 0, 0, 1, 0, 0});
  CHECK_THROWS_WITH_AS(certain.add(one_class, std::vector{1}),
                       "metrics: label[0] = 1 is not a class: logits have 1 class (0..0)",
                       ShapeError);
}

TEST_CASE("ece and bins have as many bins as were asked for") {
  // confidences .9 right, .8 wrong, .7 right, .6 right
  const Parameter z = logits_for({4, 2}, {.9, .1, .2, .8, .7, .3, .4, .6});
  const std::vector labels{0, 0, 0, 1};
  const auto near = [](double x) {
    return doctest::Approx(x).epsilon(is_double ? 1e-12 : 1e-6).scale(1);
  };
  const auto with_bins = [&](int bins) {
    Metrics m({.bins = bins});
    m.add(z, labels);
    CHECK(m.bins().size() == static_cast<std::size_t>(bins));
    return m;
  };
  CHECK(with_bins(1).ece() == near(0));
  const Metrics four = with_bins(4);  // (.5, .75] has .7 and .6, both right, (.75, 1] .9 and .8
  CHECK(four.bins()[2].count == 2);
  CHECK(four.bins()[3].correct == 1);
  CHECK(four.ece() == near((.7 + .7) / 4));
  CHECK(with_bins(1000).ece() == near((.1 + .8 + .3 + .4) / 4));
}

TEST_CASE("pixels count as rows, in the order of the loss") {
  Rng rng(5);
  for (const Shape& shape : {Shape{3, 4, 5}, Shape{2, 4, 3, 2}}) {
    const Parameter z = random_parameter(shape, rng);
    const std::size_t inner = shape.without(0).without(0).size(), n = shape.without(1).size();
    const Parameter rows(Shape{4}.batched(static_cast<int>(n)));
    std::vector<int> labels;
    for (std::size_t r = 0; r < n; ++r) {
      labels.push_back(static_cast<int>(rng.below(4)));
      for (std::size_t c = 0; c < 4; ++c)
        rows.tensor().data[r * 4 + c] = z.tensor().data[(r / inner * 4 + c) * inner + r % inner];
    }
    Metrics pixels, plain;
    pixels.add(z, labels);
    plain.add(rows, labels);
    CHECK(figures(pixels) == figures(plain));
    Tape tape(Tape::Mode::infer);
    CHECK(pixels.nll() ==
          doctest::Approx(softmax_cross_entropy(tape.input(z), labels).item()).epsilon(1e-5));
  }
  Metrics m;
  const Parameter image({2, 3, 2, 2});
  CHECK_THROWS_WITH_AS(m.add(image, std::vector{0, 1}), "metrics: 8 rows of logits but 2 labels",
                       ShapeError);
}

TEST_CASE("rows with the ignored label do not count, whatever their logits") {
  const Parameter z = parameter({3, 2}, {1, 2, not_a_number, 0, 3, -1}),
                  kept = parameter({2, 2}, {1, 2, 3, -1});
  Metrics m({.ignore_index = 255}), plain;
  m.add(z, std::vector{1, 255, 1});
  plain.add(kept, std::vector{1, 1});
  CHECK(figures(m) == figures(plain));
  m.add(z, std::vector{255, 255, 255});
  CHECK(m.count() == 2);
  CHECK_THROWS_WITH_AS(m.add(kept, std::vector{255, 254}),
                       "metrics: label[1] = 254 is not a class: logits have 2 classes (0..1)",
                       ShapeError);
}

TEST_CASE("evaluate runs a model over a loader, inferring, batch by batch") {
  struct Model {
    int calls = 0;
    Tensor forward(Tensor x) {
      ++calls;
      CHECK_FALSE(x.tape->training());
      CHECK(x.grad == nullptr);
      return x * 2;
    }
  } model;
  const Parameter a = parameter({2, 2}, {1, 0, 0, 1}), b = parameter({1, 2}, {3, 0});
  const std::vector<int> of_a{0, 0}, of_b{0};
  const Metrics m = evaluate(model, std::vector<TestBatch>{{a.tensor(), of_a}, {b.tensor(), of_b}});
  CHECK(m.count() == 3);
  CHECK(m.accuracy() == 2.0 / 3);
  CHECK(model.calls == 2);
  const std::vector<TestBatch> unlabeled{{a.tensor(), {}}};
  CHECK_THROWS_WITH_AS(evaluate(model, unlabeled), "evaluate: the loader's batches have no labels",
                       ShapeError);
  CHECK(evaluate(model, std::vector<TestBatch>{}).count() == 0);
  const std::vector uneven_labels{0, 1, 1};
  const std::vector<TestBatch> uneven{{a.tensor(), uneven_labels}};
  CHECK_THROWS_WITH_AS(evaluate(model, uneven), "evaluate: a batch has 2 samples but 3 labels",
                       ShapeError);
}

TEST_CASE("evaluate takes labels of pixels, and options") {
  struct Model {
    Tensor forward(Tensor x) { return x * 2; }
  } model;
  Rng rng(1);
  const Parameter x = random_parameter({150, 3, 2, 2}, rng);
  std::vector<int> labels;
  for (int i = 0; i < 600; ++i) labels.push_back(i % 5 == 0 ? -1 : i % 3);
  const Metrics parts = evaluate(model, std::vector<TestBatch>{{x.tensor(), labels}},
                                 {.bins = 7, .ignore_index = -1});
  Metrics whole({.bins = 7, .ignore_index = -1});
  Tape tape(Tape::Mode::infer);
  whole.add(tape.input(x) * 2, labels);
  CHECK(parts.count() == 480);
  CHECK(parts.bins().size() == 7);
  CHECK(figures(parts) == figures(whole));
}

TEST_CASE("evaluate runs a large batch in parts") {
  struct Model {
    int largest = 0;
    Tensor forward(Tensor x) {
      largest = std::max(largest, x.shape[0]);
      return x * 1;
    }
  } model;
  Rng rng(1);
  const Parameter x = random_parameter({300, 3}, rng);
  const std::vector<int> labels(300, 1);
  const Metrics parts = evaluate(model, std::vector<TestBatch>{{x.tensor(), labels}});
  CHECK(model.largest <= 128);
  Metrics whole;
  whole.add(x.tensor(), labels);
  CHECK(parts.count() == 300);
  CHECK(parts.accuracy() == whole.accuracy());
  CHECK(parts.nll() == doctest::Approx(whole.nll()).epsilon(1e-12));
}
