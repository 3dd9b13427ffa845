// Weights of rows in softmax cross-entropy, and rows that they leave out.
#include "losses/cross_entropy.h"
#include "tests/check.h"

using namespace temper;

namespace {
struct Found {
  std::vector<Real> losses, gradient;
};

template <class Targets>
Found run(const Parameter& z, const Targets& targets, const CrossEntropyOptions& options) {
  std::ranges::fill(z.tensor().gradients(), Real(0));
  Tape tape;
  const Tensor loss = softmax_cross_entropy(tape.input(z), targets, options);
  tape.backward(sum(loss));
  return {{loss.values().begin(), loss.values().end()},
          {z.tensor().gradients().begin(), z.tensor().gradients().end()}};
}

std::vector<Real> rows_of(int n, int classes, Rng& rng) {
  std::vector<Real> rows;
  for (int r = 0; r < n; ++r) {
    std::vector<double> row;
    double total = 0;
    for (int c = 0; c < classes; ++c) total += row.emplace_back(rng.uniform());
    for (const double x : row) rows.push_back(static_cast<Real>(x / total));
  }
  return rows;
}
}  // namespace

TEST_CASE("a row's weight multiplies its loss and gradient, and its part of the divisor") {
  for (const int classes : {10, 200}) {  // both kernels
    INFO(classes, " classes");
    Rng rng(5);
    const int n = 20;
    const Parameter z = random_parameter({n, classes}, rng, 2);
    std::vector<Real> rows = rows_of(n, classes, rng), v, w;
    std::vector<int> labels;
    for (int r = 0; r < n; ++r) v.push_back(static_cast<Real>(r % 4) / 2);
    for (int r = 0; r < n; ++r) labels.push_back(static_cast<int>(rng.below(10)));
    for (int c = 0; c < classes; ++c) w.push_back(static_cast<Real>(rng.uniform(0.5, 2)));
    const Tensor targets{.shape = {n, classes}, .data = rows.data()};

    const auto compare = [&](const auto& kind) {
      CrossEntropyOptions o{
          .label_smoothing = 0.1, .class_weights = w, .reduction = Reduction::none};
      const Found plain = run(z, kind, o);
      o.row_weights = v;
      const Found weighted = run(z, kind, o);
      o.reduction = Reduction::mean;
      const Found mean = run(z, kind, o);
      double total = 0, divisor = 0;
      for (std::size_t r = 0; r < v.size(); ++r) {
        CHECK(weighted.losses[r] == doctest::Approx(v[r] * plain.losses[r]));
        total += static_cast<double>(weighted.losses[r]);
        double weight = 0;
        for (std::size_t c = 0; c < w.size(); ++c)
          weight += static_cast<double>(w[c]) * (std::is_same_v<decltype(kind), const Tensor&>
                                                     ? static_cast<double>(rows[r * w.size() + c])
                                                     : labels[r] == static_cast<int>(c));
        divisor += static_cast<double>(v[r]) * weight;
      }
      CHECK(mean.losses[0] == doctest::Approx(total / divisor));
      for (std::size_t i = 0; i < plain.gradient.size(); ++i) {
        const double expected = static_cast<double>(v[i / w.size()] * plain.gradient[i]);
        CHECK(weighted.gradient[i] == doctest::Approx(expected).epsilon(1e-4));
        CHECK(mean.gradient[i] == doctest::Approx(expected / divisor).epsilon(1e-4));
      }
    };
    compare(targets);
    compare(labels);
  }
}

TEST_CASE("a row with weight 0 is left out whatever its numbers are") {
  for (const int classes : {3, 200}) {
    Rng rng(5);
    const Parameter z = random_parameter({4, classes}, rng),
                    rest = random_parameter({3, classes}, rng);
    std::vector<Real> rows = rows_of(4, classes, rng);
    const auto width = static_cast<std::size_t>(classes);
    std::copy_n(z.tensor().data, 3 * width, rest.tensor().data);
    for (std::size_t c = 0; c < width; ++c) {
      z.tensor().data[3 * width + c] = std::numeric_limits<Real>::quiet_NaN();
      rows[3 * width + c] = c % 2 == 0 ? 0 : -1;
    }
    const Found masked =
        run(z, Tensor{.shape = {4, classes}, .data = rows.data()}, {.row_weights = {1, 1, 1, 0}});
    const Found without = run(rest, Tensor{.shape = {3, classes}, .data = rows.data()}, {});
    CHECK(masked.losses[0] == doctest::Approx(without.losses[0]));
    for (std::size_t i = 0; i < masked.gradient.size(); ++i)
      CHECK(masked.gradient[i] ==
            doctest::Approx(i < 3 * width ? without.gradient[i] : 0).epsilon(1e-5));
  }
}

TEST_CASE("pixels have weights, in the order of the loss") {
  Rng rng(5);
  const Parameter z = random_parameter({2, 3, 2, 2}, rng);
  const std::vector<int> labels = {0, 1, 2, 0, 1, 2, 0, 1};
  const Found plain = run(z, labels, {.reduction = Reduction::none});
  const Found weighted =
      run(z, labels, {.row_weights = {1, 2, 0, 1, 0, 0, 3, 1}, .reduction = Reduction::none});
  const double v[] = {1, 2, 0, 1, 0, 0, 3, 1};
  for (std::size_t i = 0; i < 8; ++i)
    CHECK(weighted.losses[i] == doctest::Approx(v[i] * static_cast<double>(plain.losses[i])));
}

TEST_CASE("row weights that do not fit are refused") {
  const Parameter z({2, 3});
  Tape tape;
  const std::vector<int> y = {0, 1};
  const auto loss = [&](std::vector<Real> v) {
    return softmax_cross_entropy(tape.input(z), y, {.row_weights = std::move(v)});
  };
  CHECK_THROWS_WITH_AS(loss({1}), "cross_entropy: row_weights has 1 entries, expected 2",
                       ShapeError);
  CHECK_THROWS_WITH_AS(loss({1, -1}),
                       "cross_entropy: row_weights[1] = -1, expected a finite number >= 0",
                       ShapeError);
  CHECK(loss({0, 0}).item() == 0);
}
