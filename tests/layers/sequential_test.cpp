#include "layers/sequential.h"

#include "layers/activations.h"
#include "layers/batch_norm.h"
#include "layers/linear.h"
#include "tests/layers/check_layer.h"

using namespace temper;

namespace {
std::vector<std::string> names(const Parameters& parameters) {
  std::vector<std::string> result;
  for (const NamedTensor& p : parameters) result.push_back(p.name);
  return result;
}

using Names = std::vector<std::string>;

// A module as a user writes one.
struct TwoLayers : Layer {
  Linear fc1, fc2;
  explicit TwoLayers(Rng& rng) : fc1(4, 5, rng), fc2(5, 2, rng) {}
  Tensor forward(Tensor x) override { return fc2.forward(relu(fc1.forward(x))); }
  Parts parts() const override { return {{"fc1", fc1}, {"fc2", fc2}}; }
};

// A layer with a buffer.
struct Counter : Layer {
  Parameter count = Parameter::not_learned({1});
  Tensor forward(Tensor x) override { return x; }
  Parts parts() const override { return {{"count", count}}; }
};
}  // namespace

TEST_CASE("Sequential applies its layers in order") {
  Rng rng(1);
  Sequential model{Linear(1, 1, rng, {.bias = false, .init = constant(-2)}), ReLU(),
                   Linear(1, 1, rng, {.bias = false, .init = constant(3)})};
  const Parameter x = parameter({2, 1}, {-5, 5});
  Tape tape(Tape::Mode::infer);
  check_close(model.forward(tape.input(x)).values(), {30, 0});
}

TEST_CASE("Sequential names parameters as PyTorch does") {
  Rng rng(1);
  const Sequential model{Linear(4, 3, rng), ReLU(), Linear(3, 2, rng)};
  CHECK(names(model.parameters()) == Names{"0.weight", "0.bias", "2.weight", "2.bias"});
  const Sequential nested{ReLU(), Sequential{Linear(4, 3, rng), ReLU()}, Linear(3, 2, rng)};
  CHECK(names(nested.parameters()) == Names{"1.0.weight", "1.0.bias", "2.weight", "2.bias"});
  const Sequential first{Sequential{Linear(4, 3, rng)}, ReLU()};
  CHECK(names(first.parameters()) == Names{"0.0.weight", "0.0.bias"});
}

TEST_CASE("a single Sequential in a Sequential moves, it does not nest") {
  Rng rng(1);
  const Sequential model{Sequential{Linear(4, 3, rng)}};
  CHECK(names(model.parameters()) == Names{"0.weight", "0.bias"});
}

TEST_CASE("Sequential lists the buffers of its layers") {
  const Sequential model{ReLU(), Sequential{ReLU(), Counter()}, Counter()};
  CHECK(names(buffers_of(model)) == Names{"1.1.count", "2.count"});
  CHECK(model.parameters().empty());
}

TEST_CASE("Sequential takes a layer that is moved in, and models move with their parameters") {
  Rng rng(1);
  Linear linear(4, 3, rng);
  const Real* data = linear.parameters()[0].tensor.data;
  Sequential model{ReLU(), std::move(linear)};
  Sequential moved = std::move(model);
  CHECK(moved.parameters()[0].tensor.data == data);
  static_assert(!std::is_copy_constructible_v<Linear> && std::is_move_constructible_v<Sequential>);
}

TEST_CASE("an empty Sequential gives back its input") {
  Sequential model;
  const Parameter x = parameter({2}, {1, 2});
  Tape tape;
  const Tensor in = tape.input(x), out = model.forward(in);
  CHECK(out.data == in.data);
  CHECK(out.shape == in.shape);
  CHECK(model.parameters().empty());
}

TEST_CASE("Sequential: gradients") {
  Rng rng(1);
  Sequential model{Linear(3, 4, rng), Tanh(), Sequential{Linear(4, 4, rng), Sigmoid()},
                   Linear(4, 2, rng)};
  check_gradients(model, {5, 3});
}

TEST_CASE("ReLU in a Sequential overwrites what nobody else needs, with the same bits") {
  Rng rng(1);
  Sequential model{ReLU(), Linear(6, 7, rng), ReLU(), Tanh(),           ReLU(), Linear(7, 5, rng),
                   ReLU(), BatchNorm1d(5),    ReLU(), Linear(5, 3, rng)};
  const Parameter x = random_parameter({9, 6}, rng);
  const std::vector<Real> before(x.tensor().values().begin(), x.tensor().values().end());
  std::vector<std::vector<Real>> results;
  const auto keep = [&](std::span<const Real> numbers) {
    results.emplace_back(numbers.begin(), numbers.end());
  };
  for (const bool one_by_one : {false, true}) {
    std::ranges::fill(x.tensor().gradients(), Real(0));
    for (const NamedTensor& p : model.parameters())
      std::ranges::fill(p.tensor.gradients(), Real(0));
    Tape tape;
    Tensor y = tape.input(x);
    if (one_by_one)
      for (std::size_t i = 0; i < model.size(); ++i) y = model[i].forward(y);
    else
      y = model.forward(y);
    tape.backward(sum(square(y)));
    keep(y.values());
    keep(x.tensor().gradients());
    for (const NamedTensor& p : model.parameters()) keep(p.tensor.gradients());
    CHECK(std::ranges::equal(x.tensor().values(), before));  // the input is not a result
  }
  for (std::size_t i = 0; i < results.size() / 2; ++i)
    CHECK(results[i] == results[i + results.size() / 2]);
}

TEST_CASE("one seed gives one model") {
  const auto weights = [] {
    Rng rng(7);
    const Sequential model{Linear(3, 4, rng), ReLU(), Linear(4, 2, rng)};
    std::vector<Real> all;
    for (const NamedTensor& p : model.parameters())
      all.insert(all.end(), p.tensor.data, p.tensor.data + p.tensor.size());
    return all;
  };
  const std::vector<Real> expected = weights();
  CHECK(expected.size() == 3 * 4 + 4 + 4 * 2 + 2);
  CHECK(weights() == expected);
  // braces draw from left to right: the first layer is the first draw
  Rng rng(7);
  const Linear first(3, 4, rng);
  CHECK(
      std::ranges::equal(first.parameters()[0].tensor.values(), std::span(expected).first(3 * 4)));
}

TEST_CASE("a module of one's own is a layer like the others") {
  Rng rng(1);
  TwoLayers module(rng);
  CHECK(names(module.parameters()) == Names{"fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"});
  check_gradients(module, {3, 4});
  Sequential model{std::move(module), ReLU()};
  CHECK(names(model.parameters())[2] == "0.fc2.weight");
  Tape tape;
  CHECK(model.forward(tape.input(Parameter({6, 4}))).shape == Shape{6, 2});
}
