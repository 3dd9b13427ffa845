#include "layers/layer_norm.h"

#include <omp.h>

#include "tests/layers/check_layer.h"
#include "tests/layers/reference.h"

using namespace temper;

namespace {
Parameter some_rows() {
  return parameter({3, 4}, {1, 2, 4, -3, 0.5, 0.5, 0.5, 0.75, 1000, 1001, 1002, 999});
}
}  // namespace

TEST_CASE("layer_norm and its gradients are those of PyTorch") {
  const Parameter x = some_rows(), w = parameter({4}, {1, -2, 0.5, 3}),
                  b = parameter({4}, {0, 1, -1, 0.25}),
                  dy = parameter({3, 4}, {1, 0.5, -1, 2, 0, 1, 0.25, -0.5, -1, 3, 1, 0.5});
  Tape tape;
  const Tensor y = layer_norm(tape.input(x), w, b);
  CHECK(y.shape == Shape{3, 4});
  check_close(y.values(), pytorch_layer("layer_norm"), is_double ? 1e-12 : 1e-6);
  check_close(layer_norm(tape.input(x), w, b, 0.1).values(), pytorch_layer("layer_norm epsilon"),
              is_double ? 1e-12 : 1e-6);
  tape.backward(sum(y * dy));
  std::vector<Real> gradients;
  for (const Parameter* p : {&x, &w, &b})
    for (Real g : p->tensor().gradients()) gradients.push_back(g);
  check_close(gradients, pytorch_layer("layer_norm gradients"), is_double ? 1e-12 : 1e-5);
}

TEST_CASE("layer_norm of a constant row is the bias") {
  const Parameter x = parameter({1, 3}, {7, 7, 7}), w = parameter({3}, {1, 2, 3}),
                  b = parameter({3}, {4, 5, 6});
  Tape tape;
  const Tensor y = layer_norm(tape.input(x), w, b);
  check_close(y.values(), {4, 5, 6});
  tape.backward(sum(y));
  for (Real g : x.tensor().gradients()) CHECK(std::isfinite(g));
}

TEST_CASE("layer_norm: gradients") {
  const auto f = [](auto x) { return layer_norm(x[0], x[1], x[2]); };
  gradients_match(f, {{5, 7}, {7}, {7}});
  gradients_match(f, {{2, 3, 20}, {20}, {20}});
  gradients_match(f, {{7}, {7}, {7}});
  gradients_match([](auto x) { return layer_norm(x[0], x[1], x[1]) + x[0]; }, {{3, 4}, {4}});
}

TEST_CASE("layer_norm has the same bits at any number of threads") {
  Rng rng(1);
  const Parameter x = random_parameter({300, 200}, rng), w = random_parameter({200}, rng),
                  b = random_parameter({200}, rng);
  const int before = omp_get_max_threads();
  const auto run = [&](int threads) {
    omp_set_num_threads(threads);
    for (const Parameter* p : {&x, &w, &b}) std::ranges::fill(p->tensor().gradients(), Real(0));
    Tape tape;
    const Tensor y = layer_norm(tape.input(x), w, b);
    tape.backward(sum(square(y)));
    std::vector<Real> all(y.data, y.data + y.size());
    for (const Parameter* p : {&x, &w, &b})
      for (Real g : p->tensor().gradients()) all.push_back(g);
    return all;
  };
  const std::vector<Real> one = run(1);
  for (int threads : {2, 3, 8}) CHECK(run(threads) == one);
  omp_set_num_threads(before);
}

TEST_CASE("LayerNorm brings rows to mean 0 and variance 1") {
  LayerNorm layer(4, 0);
  CHECK(layer.name() == "LayerNorm(4)");
  REQUIRE(layer.parameters().size() == 2);
  CHECK(layer.parameters()[0].name == "weight");
  CHECK(layer.parameters()[1].name == "bias");
  const Parameter x = some_rows();
  Tape tape(Tape::Mode::infer);
  const Tensor y = layer.forward(tape.input(x));
  for (int r = 0; r < 3; ++r) {
    const Tensor row = rows(y, r, r + 1);
    CHECK(std::abs(mean(row).item()) < (is_double ? 1e-12 : 1e-6));
    CHECK(std::abs(mean(square(row)).item() - 1) < (is_double ? 1e-12 : 1e-6));
  }
  LayerNorm with_epsilon(5);
  check_gradients(with_epsilon, {3, 5});
  check_gradients(with_epsilon, {2, 2, 5});
}

TEST_CASE("LayerNorm says what is wrong") {
  CHECK_THROWS_WITH_AS(LayerNorm(0), "LayerNorm: features must be at least 1, got 0", ShapeError);
  LayerNorm layer(3);
  Tape tape;
  const Parameter x({2, 3}), row({3});
  CHECK_THROWS_WITH_AS(layer_norm(tape.input(x), row, row, -5),
                       "layer_norm: epsilon must be a number >= 0, got -5", ShapeError);
  CHECK_THROWS_WITH_AS(layer_norm(tape.input(x), row, row, not_a_number),
                       "layer_norm: epsilon must be a number >= 0, got nan", ShapeError);
  CHECK_THROWS_WITH_AS(LayerNorm(3, -1).forward(tape.input(x)),
                       "layer_norm: epsilon must be a number >= 0, got -1", ShapeError);
  CHECK_THROWS_AS(layer_norm(tape.input(x), row, row, infinity), ShapeError);
  CHECK_THROWS_WITH_AS(layer.forward(tape.input(Parameter({2, 4}))),
                       "layer_norm: x [2, 4], weight [3], bias [3]: weight and bias must be as "
                       "long as the last axis of x",
                       ShapeError);
}
