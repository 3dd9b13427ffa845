// Numbers that end, or are used again, before backward() needs them.
#include "apps/common/forward_correction.h"
#include "apps/common/mixup.h"
#include "datasets/data_loader.h"
#include "layers/batch_norm.h"
#include "layers/linear.h"
#include "layers/sequential.h"
#include "losses/binary_cross_entropy.h"
#include "losses/cross_entropy.h"
#include "losses/kl_divergence.h"
#include "losses/mse.h"
#include "optim/sgd.h"
#include "tests/check.h"

using namespace temper;

namespace {
// Numbers that end in garbage, as freed memory does.
struct Passing {
  Shape shape;
  std::vector<Real> numbers;

  Passing(Shape shape, std::initializer_list<double> list) : shape(shape) {
    for (const double x : list) numbers.push_back(static_cast<Real>(x));
  }
  ~Passing() { std::ranges::fill(numbers, Real(1e30)); }
  Tensor tensor() { return {.shape = shape, .data = numbers.data()}; }
};

Dataset some_data(int n) {
  Dataset data{.sample = {4}, .classes = 3};
  Rng rng(3);
  for (int i = 0; i < n * 4; ++i) data.numbers.push_back(static_cast<Real>(rng.normal()));
  for (int i = 0; i < n; ++i) data.labels.push_back(static_cast<int>(rng.below(3)));
  return data;
}

std::vector<Real> gradients_of(const Layer& layer) {
  std::vector<Real> all;
  for (const NamedTensor& p : layer.parameters())
    all.insert(all.end(), p.tensor.gradients().begin(), p.tensor.gradients().end());
  return all;
}
}  // namespace

TEST_CASE("what an op is given without a promise may end before backward()") {
  const std::initializer_list<double> rows = {0.1, 0.9, 0.2, 0.8}, column = {0.3, 0.6};
  struct Case {
    const char* name;
    Shape shape;
    std::initializer_list<double> numbers;
    std::function<Tensor(Tensor x, Tensor other)> f;
  };
  const Case cases[] = {
      {"multiply", {2, 2}, rows, [](Tensor x, Tensor t) { return x * t; }},
      {"multiply by a row", {2}, column, [](Tensor x, Tensor t) { return x * t; }},
      {"divide", {2, 2}, rows, [](Tensor x, Tensor t) { return x / t; }},
      {"divided", {2, 2}, rows, [](Tensor x, Tensor t) { return t / x; }},
      {"matmul", {2, 2}, rows, [](Tensor x, Tensor t) { return matmul(x, t); }},
      {"linear", {2, 2}, rows, [](Tensor x, Tensor t) { return linear(x, t, {}); }},
      {"linear, input", {2, 2}, rows, [](Tensor x, Tensor t) { return linear(t, x, {}); }},
      {"embedding", {2}, {1, 0}, [](Tensor x, Tensor t) { return embedding(x, t); }},
      {"cross_entropy",
       {2, 2},
       rows,
       [](Tensor x, Tensor t) { return softmax_cross_entropy(x, t, {.label_smoothing = 0.1}); }},
      {"kl_divergence", {2, 2}, rows, [](Tensor x, Tensor t) { return kl_divergence(x, t); }},
      {"kl_divergence_to_logits",
       {2, 2},
       rows,
       [](Tensor x, Tensor t) { return kl_divergence_to_logits(x, t); }},
      {"binary_cross_entropy",
       {2, 2},
       rows,
       [](Tensor x, Tensor t) { return binary_cross_entropy_with_logits(x, t); }},
      {"mean_squared_error", {2, 2}, rows, [](auto x, auto t) { return mean_squared_error(x, t); }},
      {"batch_norm, running statistics",
       {2},
       column,
       [](Tensor x, Tensor t) {
         static const Parameter weight = parameter({2}, {1, 2}), bias = parameter({2}, {0, 0});
         return batch_norm(x, weight, bias, t, t, {.use_running = true});
       }},
  };
  for (const Case& c : cases) {
    INFO(std::string(c.name));
    const Parameter x = parameter({2, 2}, {0.5, -1, 2, 0.25});
    Tape tape;
    Passing lasting(c.shape, c.numbers);
    tape.backward(sum(c.f(tape.input(x), lasting.tensor())));
    const std::vector<Real> expected(x.tensor().gradients().begin(), x.tensor().gradients().end());

    std::ranges::fill(x.tensor().gradients(), Real(0));
    tape.clear();
    Tensor loss;
    {
      Passing ends(c.shape, c.numbers);
      loss = sum(c.f(tape.input(x), ends.tensor()));
    }
    tape.backward(loss);
    CHECK(std::ranges::equal(x.tensor().gradients(), expected));
  }
}

TEST_CASE("what is on the tape by input() is not copied") {
  const Parameter x = parameter({2}, {1, 2});
  std::vector<Real> numbers = {3, 4};
  Tape tape;
  Tensor outside = tape.input({.shape = {2}, .data = numbers.data()});
  const Tensor loss = sum(tape.input(x) * outside);
  numbers = {30, 40};  // the promise is broken, and that shows
  tape.backward(loss);
  check_close(x.tensor().gradients(), {30, 40});
}

TEST_CASE("a layer may end before backward(), its gradient goes nowhere") {
  Rng rng(1);
  Linear last(3, 2, rng);
  std::vector<Real> x = {1, 2, 3};
  Tape tape;
  Tensor loss;
  {
    Sequential gone{Linear(3, 3, rng), Linear(3, 3, rng)};
    loss = sum(last.forward(gone.forward(tape.input({.shape = {1, 3}, .data = x.data()}))));
  }
  tape.backward(loss);
  for (const Real g : last.parameters()[1].tensor.gradients()) CHECK(g == 1);
}

TEST_CASE("an optimizer shares the parameters of a model that has ended") {
  Rng rng(1);
  auto model = std::make_unique<Linear>(2, 1, rng, AffineOptions{.init = zeros()});
  SGD optimizer(model->parameters(), {.learning_rate = 1});
  model->parameters()[1].tensor.grad[0] = 3;
  model.reset();
  optimizer.step();
  optimizer.zero_grad();
  CHECK(optimizer.parameters()[1].tensor.grad[0] == 0);
}

TEST_CASE("the losses of several batches may be added before one backward()") {
  const Dataset data = some_data(8);
  Rng rng(1);
  Linear layer(4, 3, rng);
  Tape tape;
  std::vector<Real> gradients[2];
  for (const int size : {2, 8}) {
    tape.clear();
    Tensor total;
    {
      DataLoader loader(data, {.batch_size = size});  // ends before backward(), too
      for (const Batch& batch : loader) {
        const Tensor loss = softmax_cross_entropy(layer.forward(tape.input(batch.inputs)),
                                                  batch.labels, {.reduction = Reduction::sum});
        total = total.tape == nullptr ? loss : total + loss;
      }
    }
    for (const NamedTensor& p : layer.parameters())
      std::ranges::fill(p.tensor.gradients(), Real(0));
    tape.backward(total);
    gradients[size == 8] = gradients_of(layer);
  }
  for (std::size_t i = 0; i < gradients[0].size(); ++i)
    CHECK(gradients[0][i] == doctest::Approx(gradients[1][i]).epsilon(1e-5));
}

TEST_CASE("batches may be kept") {
  const Dataset data = some_data(6);
  std::vector<Batch> kept;
  {
    DataLoader loader(data, {.batch_size = 2});
    for (const Batch& batch : loader) kept.push_back(batch);
  }
  std::vector<Real> numbers;
  std::vector<int> labels;
  for (const Batch& batch : kept) {
    numbers.insert(numbers.end(), batch.inputs.values().begin(), batch.inputs.values().end());
    labels.insert(labels.end(), batch.labels.begin(), batch.labels.end());
  }
  CHECK(numbers == data.numbers);
  CHECK(labels == data.labels);
}

TEST_CASE("a loader takes turns with two batches, however many steps there are") {
  const Dataset data = some_data(64);
  Rng rng(1);
  Linear layer(4, 3, rng);
  DataLoader loader(data, {.batch_size = 2});
  Tape tape;
  std::vector<const Real*> places;
  for (const Batch& batch : loader) {
    tape.clear();
    tape.backward(softmax_cross_entropy(layer.forward(tape.input(batch.inputs)), batch.labels));
    if (std::ranges::find(places, batch.inputs.data) == places.end())
      places.push_back(batch.inputs.data);
  }
  CHECK(places.size() == 2);
}

TEST_CASE("a data set that has another size than when its loader was made is refused") {
  const char* message = "data_loader: the data's size has changed: make a new loader";
  const auto change = [&](auto f) {
    Dataset data = some_data(6);
    DataLoader loader(data, {.batch_size = 3});
    int batches = 0;
    const auto run = [&] {
      for (const Batch& batch : loader) {
        batches += batch.size() > 0 ? 1 : 0;
        f(data);
      }
    };
    CHECK_THROWS_WITH_AS(run(), message, ShapeError);
    CHECK(batches == 1);
    CHECK_THROWS_WITH_AS(loader.begin(), message, ShapeError);
  };
  change([](Dataset& d) { d.numbers.resize(12); });
  change([](Dataset& d) { d.labels.pop_back(); });
  change([](Dataset& d) { d.sample = {3}; });
  change([](Dataset& d) { d.bytes.resize(24); });
}

TEST_CASE("a parameter that an optimizer changes between forward and backward is an error") {
  Rng rng(1);
  Linear first(2, 2, rng), second(2, 1, rng);
  SGD optimizer(second.parameters(), {.learning_rate = 0.1});
  std::vector<Real> numbers = {1, 2};
  Tape tape;
  const Tensor middle = first.forward(tape.input({.shape = {1, 2}, .data = numbers.data()}));
  const Tensor a = sum(second.forward(middle));
  tape.backward(a);
  optimizer.step();
  CHECK_THROWS_WITH_AS(tape.backward(a),
                       "backward: an optimizer has changed a parameter that linear [1, 1] was "
                       "computed from: backward() comes before step()",
                       ShapeError);
  tape.backward(sum(second.forward(middle)));  // the first op with `second` is not needed any more
}

TEST_CASE("options own their numbers") {
  CrossEntropyOptions options{.label_smoothing = 0.1};
  {
    Passing prior({2}, {0.25, 0.75}), weights({2}, {1, 3}), matrix({2, 2}, {1, 0, 0.5, 0.5});
    options.smoothing_prior = prior.numbers;
    options.class_weights = std::vector<Real>(weights.numbers);
    options.target_matrix = matrix.numbers;
  }
  const Parameter z = parameter({2, 2}, {1, 2, 0, 1});
  Tape tape;
  const std::vector<int> labels = {0, 1};
  const Tensor loss = softmax_cross_entropy(tape.input(z), labels, options);
  const CrossEntropyOptions same{.label_smoothing = 0.1,
                                 .smoothing_prior = {0.25, 0.75},
                                 .class_weights = {1, 3},
                                 .target_matrix = {1, 0, 0.5, 0.5}};
  CHECK(softmax_cross_entropy(tape.input(z), labels, same).item() == loss.item());
  options = {};
  tape.backward(loss);
  for (const Real g : z.tensor().gradients()) CHECK(std::abs(g) < 1);
}

TEST_CASE("the labels of a mixed batch end with its step, which is said") {
  Rng rng(1);
  std::vector<Real> x(4, 1);
  const std::vector<int> y = {0, 1};
  Tape tape;
  const Mixed mixed = mixup(tape.input({.shape = {2, 2}, .data = x.data()}), y, 1, rng);
  tape.clear();
  const Tensor logits = tape.input({.shape = {2, 2}, .data = x.data()});
  CHECK_THROWS_WITH_AS(mixed_cross_entropy(logits, mixed),
                       "tensor [2, 2] is from a step the tape has cleared", ShapeError);
}

TEST_CASE("a tape that infers keeps batches and parameters, too") {
  const Dataset data = some_data(6);
  DataLoader loader(data, {.batch_size = 2});
  Tape tape(Tape::Mode::infer);
  std::vector<Tensor> parts;
  for (const Batch& batch : loader) parts.push_back(tape.input(batch.inputs));
  CHECK(std::ranges::equal(concat(parts, 0).values(), data.numbers));
  const Tensor w = tape.input(parameter({2}, {3, 4}));
  CHECK(sum(w).item() == 7);
}

TEST_CASE("a parameter that was put on the tape by hand is watched in every op that uses it") {
  const Parameter p = parameter({2}, {1, 2});
  SGD optimizer({{"p", p}}, {.learning_rate = 0.1});
  Tape tape;
  const Tensor w = tape.input(p);
  const Tensor unused = sum(square(w)), loss = sum(w * w);
  optimizer.step();
  CHECK_THROWS_AS(tape.backward(loss), ShapeError);
  CHECK_THROWS_AS(tape.backward(unused), ShapeError);
}

TEST_CASE("linear_cross_entropy keeps nothing alive after the tape's clear()") {
  const Dataset data = some_data(6);
  DataLoader loader(data, {.batch_size = 6});
  Rng rng(1);
  const Parameter weight = random_parameter({3, 4}, rng);
  Tape tape;
  Batch kept;
  for (const Batch& batch : loader) {
    linear_cross_entropy(tape.input(batch.inputs), weight, {}, batch.labels);
    kept = batch;
  }
  CHECK(kept.memory.use_count() > 3);
  tape.clear();
  CHECK(kept.memory.use_count() == 3);  // here, in the loader's batch and among its memories
}
