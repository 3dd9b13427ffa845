#include "layers/batch_norm.h"

#include <omp.h>

#include <array>
#include <memory>

#include "layers/activations.h"
#include "layers/conv2d.h"
#include "layers/sequential.h"
#include "tests/layers/check_layer.h"
#include "tests/layers/reference.h"

using namespace temper;

namespace {
// batch_norm with running statistics of its own
Tensor normalized(Tensor x, Tensor weight, Tensor bias, const BatchNormOptions& options = {}) {
  static const Parameter mean({128}), var({128});
  const auto first = [&](const Parameter& p) {
    return Tensor{.shape = weight.shape, .data = p.tensor().data};
  };
  return batch_norm(x, weight, bias, first(mean), first(var), options);
}

std::unique_ptr<Layer> batch_norm_layer(int rank, int channels, const BatchNormOptions& options) {
  if (rank == 4) return std::make_unique<BatchNorm2d>(channels, options);
  return std::make_unique<BatchNorm1d>(channels, options);
}
}  // namespace

TEST_CASE("batch_norm by hand") {
  // channel 0: 1, 3, mean 2, variance 1; channel 1: 10, 10
  const Parameter x = parameter({2, 2}, {1, 10, 3, 10}), w = parameter({2}, {5, 7}),
                  b = parameter({2}, {0.5, -1}), mean = parameter({2}, {0, 20}),
                  var = parameter({2}, {1, 4}), dy = parameter({2, 2}, {1, 2, 4, 8});
  Tape tape;
  const Tensor y = batch_norm(tape.input(x), w, b, mean, var, {.epsilon = 0.25, .momentum = 0.5});
  const double scale = 1 / std::sqrt(1.25);
  check_close(y.values(), {0.5 - 5 * scale, -1, 0.5 + 5 * scale, -1});
  check_close(mean.tensor().values(), {1, 15});
  check_close(var.tensor().values(), {1.5, 2});  // towards 2 and 0, divided by n - 1
  tape.backward(sum(y * dy));
  check_close(b.tensor().gradients(), {5, 10});
  check_close(w.tensor().gradients(), {3 * scale, 0});
  // dy - mean(dy) - x̂ mean(dy x̂) = ∓1.5 ± 1.5 scale²; in channel 1 x̂ is 0
  const double dx = 5 * scale * 1.5 * (1 - scale * scale);
  check_close(x.tensor().gradients(), {-dx, 7 / 0.5 * -3, dx, 7 / 0.5 * 3});
  check_close(mean.tensor().gradients(), {0, 0});
  check_close(var.tensor().gradients(), {0, 0});
}

TEST_CASE("three steps of batch_norm, running statistics and inference are those of PyTorch") {
  for (const Shape& shape : {Shape{5, 3}, Shape{2, 3, 4}, Shape{2, 3, 2, 3}}) {
    for (const bool usual : {true, false}) {
      const std::string name = to_string("batch_norm ", shape, usual ? "" : " options");
      INFO(name);
      const auto layer = batch_norm_layer(
          shape.rank(), 3,
          usual ? BatchNormOptions{} : BatchNormOptions{.epsilon = 0.01, .momentum = 0.3});
      const Parameters parameters = layer->parameters(), buffers = buffers_of(*layer);
      std::ranges::copy(wave({3}, 4).tensor().values(), parameters[0].tensor.data);
      std::ranges::copy(wave({3}, 5).tensor().values(), parameters[1].tensor.data);
      std::vector<Real> all;
      for (int step = 0; step < 3; ++step) {
        const Parameter x = wave(shape, step), dy = wave(shape, 7);
        Tape tape;
        const Tensor y = layer->forward(tape.input(x));
        CHECK(y.shape == shape);
        if (step < 2) continue;
        tape.backward(sum(y * dy));
        append(all, y.values());
        append(all, x.tensor().gradients());
        for (const NamedTensor& p : parameters) append(all, p.tensor.gradients());
        for (const NamedTensor& p : buffers) append(all, p.tensor.values());
        Tape infer(Tape::Mode::infer);
        append(all, layer->forward(infer.input(x)).values());
      }
      check_close(all, pytorch_layer(name), is_double ? 1e-12 : 1e-5);
    }
  }
}

TEST_CASE("batch_norm: gradients") {
  const auto f = [](auto x) { return normalized(x[0], x[1], x[2]); };
  gradients_match(f, {{6, 3}, {3}, {3}});
  gradients_match(f, {{3, 70}, {70}, {70}});  // more channels than one block
  gradients_match(f, {{2, 3, 5}, {3}, {3}});
  gradients_match(f, {{3, 2, 4, 5}, {2}, {2}});
  gradients_match([](auto x) { return normalized(x[0], x[1], x[1]) + x[0]; }, {{4, 2, 3}, {2}});
}

TEST_CASE("batch_norm of a large mean loses nothing, of a constant channel is the bias") {
  const Parameter x = parameter({4, 2}, {1e6 + 1, 7, 1e6 - 1, 7, 1e6 + 1, 7, 1e6 - 1, 7}),
                  w = parameter({2}, {1, 3}), b = parameter({2}, {0, 5});
  Tape tape;
  const Tensor y = normalized(tape.input(x), w, b);
  check_close(y.values(), {1, 5, -1, 5, 1, 5, -1, 5}, 1e-5);
  tape.backward(sum(y));
  for (Real g : x.tensor().gradients()) CHECK(std::isfinite(g));
}

TEST_CASE("batch_norm has the same bits at any number of threads") {
  const int before = omp_get_max_threads();
  for (const Shape& shape : {Shape{300, 128}, Shape{20, 6, 500}, Shape{37, 8, 20, 18}}) {
    Rng rng(1);
    const Parameter x = random_parameter(shape, rng), w = random_parameter({shape[1]}, rng),
                    b = random_parameter({shape[1]}, rng);
    const auto run = [&](int threads) {
      omp_set_num_threads(threads);
      const Parameter mean({shape[1]}), var({shape[1]});
      for (const Parameter* p : {&x, &w, &b}) std::ranges::fill(p->tensor().gradients(), Real(0));
      Tape tape, infer(Tape::Mode::infer);
      const Tensor y = batch_norm(tape.input(x), w, b, mean, var);
      tape.backward(sum(square(y)));
      std::vector<Real> all;
      append(all, y.values());
      for (const Parameter* p : {&x, &w, &b}) append(all, p->tensor().gradients());
      for (const Parameter* p : {&mean, &var}) append(all, p->tensor().values());
      append(all, batch_norm(infer.input(x), w, b, mean, var).values());
      return all;
    };
    const std::vector<Real> one = run(1);
    for (int threads : {2, 3, 8}) CHECK(run(threads) == one);
  }
  omp_set_num_threads(before);
}

TEST_CASE("a tape that infers leaves the running statistics and takes single values") {
  BatchNorm1d layer(2);
  const Parameters buffers = buffers_of(layer);
  std::ranges::copy(std::array<Real, 2>{1, -2}, buffers[0].tensor.data);
  std::ranges::copy(std::array<Real, 2>{4, 0.25}, buffers[1].tensor.data);
  const Parameter x = parameter({1, 2}, {5, -3}), none({0, 2});
  Tape tape(Tape::Mode::infer);
  check_close(layer.forward(tape.input(x)).values(), {2, -2}, 1e-4);
  CHECK(layer.forward(tape.input(none)).shape == Shape{0, 2});
  check_close(buffers[0].tensor.values(), {1, -2});
  check_close(buffers[1].tensor.values(), {4, 0.25});
}

TEST_CASE("with use_running, training normalises by statistics that stand still") {
  const BatchNormOptions frozen{.use_running = true};
  for (const Shape& shape : {Shape{1, 3}, Shape{5, 3}, Shape{3, 70}, Shape{2, 3, 2, 5}}) {
    Rng rng(5);
    const int c = shape[1];
    const Parameter x = random_parameter(shape, rng), w = random_parameter({c}, rng),
                    b = random_parameter({c}, rng), mean = random_parameter({c}, rng),
                    var = random_parameter({c}, rng);
    for (Real& v : var.tensor().values()) v = std::abs(v) + Real(0.5);
    std::vector<Real> before, after;
    append(before, mean.tensor().values());
    append(before, var.tensor().values());
    Tape train, infer(Tape::Mode::infer);
    const Tensor y = batch_norm(train.input(x), w, b, mean, var, frozen);
    const Tensor inferred = batch_norm(infer.input(x), w, b, mean, var);
    CHECK(std::ranges::equal(y.values(), inferred.values()));
    gradients_match([&](auto in) { return batch_norm(in[0], in[1], in[2], mean, var, frozen); },
                    {shape, {c}, {c}});
    append(after, mean.tensor().values());
    append(after, var.tensor().values());
    CHECK(before == after);
  }
}

TEST_CASE("with use_running, the gradients are those of constants") {
  const Parameter x = parameter({2, 1}, {3, 7}), w = parameter({1}, {5}), b = parameter({1}, {1}),
                  mean = parameter({1}, {1}), var = parameter({1}, {4}),
                  dy = parameter({2, 1}, {1, 2});
  Tape tape;
  const Tensor y = batch_norm(tape.input(x), w, b, mean, var, {.epsilon = 0, .use_running = true});
  check_close(y.values(), {6, 16});  // x̂ = 1, 3
  tape.backward(sum(y * dy));
  check_close(x.tensor().gradients(), {2.5, 5});  // w / σ dy
  check_close(w.tensor().gradients(), {7});
  check_close(b.tensor().gradients(), {3});
  check_close(mean.tensor().gradients(), {0});
  check_close(var.tensor().gradients(), {0});
}

TEST_CASE("the layers of batch norm own what PyTorch's own") {
  BatchNorm1d features(3);
  BatchNorm2d images(2);
  CHECK(features.name() == "BatchNorm1d(3)");
  CHECK(images.name() == "BatchNorm2d(2)");
  check_gradients(features, {4, 3});
  check_gradients(features, {2, 3, 4});
  check_gradients(images, {2, 2, 3, 4});
  const BatchNorm2d fresh(2);
  const auto check = [](const Parameters& list, const char* first, double one, const char* second,
                        double two) {
    REQUIRE(list.size() == 2);
    CHECK(list[0].name == first);
    check_close(list[0].tensor.values(), {one, one});
    CHECK(list[1].name == second);
    check_close(list[1].tensor.values(), {two, two});
  };
  check(fresh.parameters(), "weight", 1, "bias", 0);
  check(buffers_of(fresh), "running_mean", 0, "running_var", 1);
}

TEST_CASE("batch norm trains on after it has moved into a Sequential") {
  Rng rng(1);
  BatchNorm2d layer(2);
  const Parameter first = random_parameter({2, 2, 1, 1}, rng),
                  x = random_parameter({2, 1, 4, 4}, rng);
  Tape tape;
  const Tensor y = layer.forward(tape.input(first));
  Sequential model{Conv2d(1, 2, 3, rng), std::move(layer), ReLU()};
  tape.backward(sum(square(y)));  // what the closure needs has not moved
  const Parameters buffers = buffers_of(model);
  REQUIRE(buffers.size() == 2);
  CHECK(buffers[0].name == "1.running_mean");
  CHECK(buffers[1].name == "1.running_var");
  const Real before = buffers[0].tensor.data[0];
  tape.clear();
  tape.backward(sum(model.forward(tape.input(x))));
  CHECK(buffers[0].tensor.data[0] != before);
  CHECK(model.parameters().size() == 4);
}

TEST_CASE("batch norm says what is wrong") {
  CHECK_THROWS_WITH_AS(BatchNorm1d(0), "BatchNorm: channels must be at least 1, got 0", ShapeError);
  const auto forward = [](const BatchNormOptions& options) {
    Tape tape;
    BatchNorm1d(3, options).forward(tape.input(Parameter({2, 3})));
  };
  CHECK_THROWS_WITH_AS(
      forward({.epsilon = -1}),
      "batch_norm: epsilon must be a number >= 0 and momentum in [0, 1], got -1 and 0.1",
      ShapeError);
  CHECK_THROWS_WITH_AS(
      forward({.momentum = 1.5}),
      "batch_norm: epsilon must be a number >= 0 and momentum in [0, 1], got 1e-05 and 1.5",
      ShapeError);
  CHECK_THROWS_AS(forward({.momentum = not_a_number}), ShapeError);
  CHECK_THROWS_AS(forward({.epsilon = infinity}), ShapeError);
  BatchNorm1d features(3);
  BatchNorm2d images(3);
  const Parameter flat({2, 3}), single({1, 3, 1, 1}), none({0, 3}), other({2, 4, 5, 5});
  Tape tape;
  CHECK_THROWS_WITH_AS(images.forward(tape.input(flat)),
                       "BatchNorm2d: images [n, c, h, w] are needed, got [2, 3]", ShapeError);
  CHECK_THROWS_WITH_AS(
      features.forward(tape.input(other)),
      "BatchNorm1d: features [n, c] or sequences [n, c, l] are needed, got [2, 4, 5, 5]",
      ShapeError);
  CHECK_THROWS_WITH_AS(images.forward(tape.input(other)),
                       "batch_norm: x [2, 4, 5, 5], weight [3], bias [3], running statistics [3] "
                       "and [3]: all must be as long as the second axis of x",
                       ShapeError);
  CHECK_THROWS_WITH_AS(
      images.forward(tape.input(single)),
      "batch_norm: training needs at least 2 values per channel, x [1, 3, 1, 1] has 1", ShapeError);
  CHECK_THROWS_WITH_AS(features.forward(tape.input(none)),
                       "batch_norm: training needs at least 2 values per channel, x [0, 3] has 0",
                       ShapeError);
  CHECK_THROWS_WITH_AS(features.forward(flat),
                       "batch_norm: no input is on a tape; put one there with tape.input(x)",
                       ShapeError);
}
