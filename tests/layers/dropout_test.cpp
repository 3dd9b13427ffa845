#include "layers/dropout.h"

#include <omp.h>

#include "layers/sequential.h"
#include "tests/layers/check_layer.h"

using namespace temper;

namespace {
std::vector<Real> copy(std::span<const Real> numbers) { return {numbers.begin(), numbers.end()}; }

Parameter ones(int n) {
  Parameter p({n});
  std::ranges::fill(p.tensor().values(), Real(1));
  return p;
}
}  // namespace

TEST_CASE("Dropout does nothing when inferring") {
  Rng rng(1);
  Dropout layer(0.5, rng);
  const Parameter x = ones(100);
  Tape tape(Tape::Mode::infer);
  const Tensor in = tape.input(x), out = layer.forward(in);
  CHECK(out.data == in.data);
}

TEST_CASE("Dropout with p = 0 does nothing") {
  Rng rng(1);
  Dropout layer(0, rng);
  const Parameter x = ones(100);
  Tape tape;
  const Tensor in = tape.input(x);
  CHECK(layer.forward(in).data == in.data);
}

TEST_CASE("Dropout sets a part p to zero and keeps the expectation") {
  constexpr int n = 100'000;
  for (double p : {0.1, 0.5, 0.9}) {
    INFO("p = ", p);
    Rng rng(1);
    Dropout layer(p, rng);
    const Parameter x = ones(n);
    Tape tape;
    const Tensor y = layer.forward(tape.input(x));
    const auto kept = static_cast<Real>(1 / (1 - p));
    int zeros = 0;
    for (Real v : y.values()) {
      const bool zero_or_kept = v == 0 || v == kept;
      if (!zero_or_kept) FAIL("found ", v);
      zeros += v == 0;
    }
    const double five_sigma = 5 * std::sqrt(p * (1 - p) * n);
    CHECK(std::abs(zeros - p * n) < five_sigma);
    CHECK(std::abs(sum(y).item() / n - 1) < five_sigma / n / (1 - p));
  }
}

TEST_CASE("Dropout drops neighbours independently") {
  constexpr int n = 100'000;
  Rng rng(1);
  Dropout layer(0.5, rng);
  const Parameter x = ones(n);
  Tape tape;
  const Tensor y = layer.forward(tape.input(x));
  for (int distance : {1, 2, 64, 4096}) {
    int equal = 0;
    for (int i = 0; i + distance < n; ++i) equal += (y.data[i] == 0) == (y.data[i + distance] == 0);
    const double pairs = n - distance;
    CHECK(std::abs(equal - pairs / 2) < 5 * std::sqrt(pairs / 4));
  }
}

TEST_CASE("Dropout draws another mask in every call and in every layer") {
  Rng rng(1);
  Dropout first(0.5, rng), second(0.5, rng);
  const Parameter x = ones(1000);
  Tape tape;
  const auto differing = [](std::span<const Real> a, std::span<const Real> b) {
    int n = 0;
    for (std::size_t i = 0; i < a.size(); ++i) n += a[i] != b[i];
    return n;
  };
  const Tensor a = first.forward(tape.input(x)), b = first.forward(tape.input(x));
  const Tensor c = second.forward(tape.input(x));
  for (const auto& [u, v] : {std::pair(a, b), std::pair(a, c), std::pair(b, c)}) {
    CHECK(differing(u.values(), v.values()) > 420);  // 500 are expected, 16 is the deviation
    CHECK(differing(u.values(), v.values()) < 580);
  }
}

TEST_CASE("one seed gives one sequence of masks, and evaluating between does not change it") {
  const Parameter x = ones(1000);
  const auto masks = [&](bool evaluate) {
    Rng rng(5);
    Dropout layer(0.5, rng);
    std::vector<Real> all;
    for (int call = 0; call < 3; ++call) {
      Tape tape, inferring(Tape::Mode::infer);
      if (evaluate) layer.forward(inferring.input(x));
      const Tensor y = layer.forward(tape.input(x));
      all.insert(all.end(), y.data, y.data + y.size());
    }
    return all;
  };
  CHECK(masks(false) == masks(true));
}

TEST_CASE("the backward pass uses the mask of its own call") {
  Rng rng(1);
  Dropout layer(0.4, rng);
  const Parameter x = ones(1000);
  Tape tape;
  const Tensor first = layer.forward(tape.input(x));
  const Tensor second = layer.forward(tape.input(x));
  layer.forward(tape.input(x));
  tape.backward(sum(first) + sum(second));
  std::vector<double> expected;  // x = 1, so that the gradient of a call is its output
  for (std::size_t i = 0; i < 1000; ++i)
    expected.push_back(static_cast<double>(first.data[i]) + second.data[i]);
  check_close(x.tensor().gradients(), expected);
}

TEST_CASE("the backward pass survives the layer's move") {
  Rng rng(1);
  Dropout layer(0.4, rng);
  const Parameter x = ones(100);
  Tape tape;
  const Tensor y = layer.forward(tape.input(x));
  const Sequential model{std::move(layer)};
  tape.backward(sum(y));
  CHECK(copy(x.tensor().gradients()) == copy(y.values()));
}

TEST_CASE("what is dropped is 0, even where it was infinite") {
  Parameter x({1000});
  std::ranges::fill(x.tensor().values(), static_cast<Real>(-infinity));
  Tape tape;
  for (const Real y : dropout(tape.input(x), 0.5, 3).values())
    CHECK((y == 0 || y == static_cast<Real>(-infinity)));
}

TEST_CASE("dropout: gradient") {
  gradients_match([](auto x) { return dropout(x[0], 0.3, 17); }, {{5, 6}});
  gradients_match([](auto x) { return dropout(x[0] * x[0], 0.3, 17) + x[0]; }, {{5, 6}});
}

TEST_CASE("dropout has the same mask at any number of threads") {
  const Parameter x = ones(100'003);
  const int before = omp_get_max_threads();
  const auto run = [&](int threads) {
    omp_set_num_threads(threads);
    std::ranges::fill(x.tensor().gradients(), Real(0));
    Tape tape;
    const Tensor y = dropout(tape.input(x), 0.5, 99);
    tape.backward(sum(y));
    return std::pair(copy(y.values()), copy(x.tensor().gradients()));
  };
  const auto one = run(1);
  for (int threads : {2, 3, 8}) CHECK(run(threads) == one);
  omp_set_num_threads(before);
}

TEST_CASE("Dropout says what is wrong") {
  Rng rng(1);
  Tape any;
  const auto forward = [&](double p) { Dropout(p, rng).forward(any.input(Parameter({2}))); };
  CHECK_THROWS_WITH_AS(forward(1), "dropout: p must be in [0, 1), got 1", ShapeError);
  CHECK_THROWS_WITH_AS(forward(-0.1), "dropout: p must be in [0, 1), got -0.1", ShapeError);
  CHECK_THROWS_WITH_AS(forward(std::nan("")), "dropout: p must be in [0, 1), got nan", ShapeError);
  Dropout layer(0.25, rng);
  CHECK(layer.name() == "Dropout(0.25)");
  CHECK_THROWS_WITH_AS(layer.forward(Parameter({2})),
                       "dropout: no input is on a tape; put one there with tape.input(x)",
                       ShapeError);
  const Parameter x = ones(2);
  for (Tape::Mode mode : {Tape::Mode::train, Tape::Mode::infer}) {
    Tape tape(mode);
    const Tensor old = tape.input(x);
    tape.clear();
    CHECK_THROWS_WITH_AS(layer.forward(old), "tensor [2] is from a step the tape has cleared",
                         ShapeError);
  }
}
