// Products against the definition; the same bits whatever the number of threads.
#include <omp.h>

#include "core/blas.h"
#include "tests/check.h"

using namespace temper;

namespace {
// Σ_l a[i, l] b[l, j] in double
std::vector<double> product(const Tensor& a, const Tensor& b, MatmulOptions options) {
  const auto at = [](const Tensor& t, bool transposed, int i, int j) {
    if (transposed) std::swap(i, j);
    return static_cast<double>(
        t.data[static_cast<std::size_t>(i) * t.shape.columns() + static_cast<std::size_t>(j)]);
  };
  const int m = a.shape[options.transpose_a ? 1 : 0], k = a.shape[options.transpose_a ? 0 : 1];
  const int n = b.shape[options.transpose_b ? 0 : 1];
  std::vector<double> c;
  for (int i = 0; i < m; ++i)
    for (int j = 0; j < n; ++j) {
      double total = 0;
      for (int l = 0; l < k; ++l)
        total += at(a, options.transpose_a, i, l) * at(b, options.transpose_b, l, j);
      c.push_back(total);
    }
  return c;
}

Parameter random_operand(int rows, int cols, bool transposed, Rng& rng) {
  return random_parameter(transposed ? Shape{cols, rows} : Shape{rows, cols}, rng);
}
}  // namespace

TEST_CASE("matmul by hand") {
  const Parameter a = parameter({2, 3}, {1, 2, 3, 4, 5, 6}), b = parameter({3, 1}, {1, -1, 2});
  Tape tape;
  check_close(matmul(tape.input(a), b).values(), {5, 11});
}

TEST_CASE("matmul and its gradient with either side transposed, from one tile to many") {
  Rng rng(5);
  for (const bool transpose_a : {false, true})
    for (const bool transpose_b : {false, true}) {
      const MatmulOptions options{transpose_a, transpose_b};
      for (const auto [m, k, n] :
           {std::array{3, 4, 2}, {1, 1, 1}, {70, 50, 100}, {200, 60, 30}, {30, 60, 333}}) {
        const Parameter a = random_operand(m, k, transpose_a, rng),
                        b = random_operand(k, n, transpose_b, rng);
        Tape tape;
        check_close(matmul(tape.input(a), b, options).values(), product(a, b, options),
                    is_double ? 1e-10 : 1e-4);
      }
      std::vector<Parameter> inputs;
      inputs.push_back(random_operand(3, 4, transpose_a, rng));
      inputs.push_back(random_operand(4, 2, transpose_b, rng));
      gradients_match([options](auto x) { return matmul(x[0], x[1], options); }, inputs);
    }
  gradients_match([](auto x) { return matmul(x[0], x[0]); }, {{3, 3}});
  gradients_match([](auto x) { return matmul(x[0], x[0], {.transpose_b = true}); }, {{3, 2}});
}

TEST_CASE("an empty product is zero") {
  const Parameter a({2, 0}), b({0, 3}), none({0, 2});
  Tape tape;
  check_close(matmul(tape.input(a), b).values(), {0, 0, 0, 0, 0, 0});
  CHECK(matmul(tape.input(none), a).shape == Shape{0, 0});
}

TEST_CASE("linear: y = x Wᵀ + b over the last axis") {
  const Parameter x = parameter({2, 3}, {1, 2, 3, 4, 5, 6}),
                  w = parameter({2, 3}, {1, 0, -1, 2, 2, 2}), b = parameter({2}, {10, -10});
  Tape tape;
  check_close(linear(tape.input(x), w, b).values(), {8, 2, 8, 20});
  check_close(linear(tape.input(x), w, Tensor{}).values(), {-2, 12, -2, 30});
  gradients_match([](auto in) { return linear(in[0], in[1], in[2]); }, {{5, 3}, {4, 3}, {4}});
  gradients_match([](auto in) { return linear(in[0], in[1], in[2]); }, {{2, 5, 3}, {4, 3}, {4}});
  gradients_match([](auto in) { return linear(in[0], in[1], Tensor{}); }, {{5, 3}, {4, 3}});
  gradients_match([](auto in) { return linear(in[0], in[1], in[2]); }, {{3}, {4, 3}, {4}});
}

TEST_CASE("products that do not fit are named") {
  const Parameter a({64, 784}), b({512, 10}), cube({2, 2, 2}), bias({3});
  Tape tape;
  const Tensor x = tape.input(a);
  CHECK_THROWS_WITH_AS(matmul(x, b), "matmul: [64, 784] times [512, 10]: inner dimensions differ",
                       ShapeError);
  CHECK_THROWS_WITH_AS(matmul(x, b, {.transpose_b = true}),
                       "matmul: [64, 784] times [512, 10]ᵀ: inner dimensions differ", ShapeError);
  CHECK_THROWS_WITH_AS(matmul(x, cube),
                       "matmul: [64, 784] times [2, 2, 2]: two matrices are needed", ShapeError);
  CHECK_THROWS_WITH_AS(linear(x, b, Tensor{}),
                       "linear: x [64, 784], weight [512, 10]: the last axis of x must be as long "
                       "as a row of the weight",
                       ShapeError);
  CHECK_THROWS_WITH_AS(linear(tape.input(b), b, bias),
                       "linear: weight [512, 10], bias [3]: one bias per output is needed",
                       ShapeError);
}

TEST_CASE("a product has the same bits at any number of threads and leaves their number alone") {
  const int threads = omp_get_max_threads();
  Rng rng(11);
  int different = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const auto length = [&] { return 1 + static_cast<int>(rng.below(trial < 250 ? 200 : 700)); };
    const int m = length(), k = length(), n = length();
    const MatmulOptions options{rng.below(2) == 1, rng.below(2) == 1};
    const Parameter a = random_operand(m, k, options.transpose_a, rng),
                    b = random_operand(k, n, options.transpose_b, rng);
    std::vector<Real> first;
    for (const int count : {1, 2, 3, 8}) {
      omp_set_num_threads(count);
      Tape tape(Tape::Mode::infer);
      const Tensor c = matmul(tape.input(a), b, options);
      CHECK(omp_get_max_threads() == count);
      if (first.empty()) first.assign(c.data, c.data + c.size());
      different += !std::equal(first.begin(), first.end(), c.data);
    }
  }
  omp_set_num_threads(threads);
  CHECK(different == 0);
}

TEST_CASE("a product inside a parallel region has the same bits") {
  Rng rng(12);
  const Parameter a = random_parameter({150, 90}, rng), b = random_parameter({90, 210}, rng);
  Tape outside(Tape::Mode::infer);
  const Tensor expected = matmul(outside.input(a), b);
  bool same[4] = {};
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < 4; ++i) {
    Tape tape(Tape::Mode::infer);
    const Tensor c = matmul(tape.input(a), b);
    same[i] = std::equal(c.data, c.data + c.size(), expected.data);
  }
  CHECK((same[0] && same[1] && same[2] && same[3]));
}

TEST_CASE("the description names library, version, build, kernels and threads") {
  const std::string text = blas_description();
  if (text.starts_with("BLAS of lib")) return;  // built with another
  CHECK(text.starts_with("OpenBLAS 0."));
  CHECK(text.find(" build, ") != std::string::npos);
  CHECK(text.find(" kernels), " + std::to_string(omp_get_max_threads()) + " thread") !=
        std::string::npos);
}
