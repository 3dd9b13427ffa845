// Every op of several inputs, with each subset of them wanting no gradient: the others get theirs
// and nothing else is touched.
#include "layers/batch_norm.h"
#include "layers/conv2d.h"
#include "layers/layer_norm.h"
#include "losses/binary_cross_entropy.h"
#include "losses/mse.h"
#include "tests/check.h"

using namespace temper;

TEST_CASE("inputs without a gradient change nothing for the others") {
  struct Case {
    const char* name;
    std::vector<Shape> shapes;
    std::function<Tensor(std::span<const Tensor>)> f;
  };
  const std::vector<Case> cases = {
      {"add a row", {{5, 3}, {3}}, [](auto x) { return x[0] + x[1]; }},
      {"multiply", {{5, 3}, {5, 3}}, [](auto x) { return x[0] * x[1]; }},
      {"divide by a row", {{5, 3}, {3}}, [](auto x) { return x[0] / x[1]; }},
      {"matmul", {{4, 3}, {3, 5}}, [](auto x) { return matmul(x[0], x[1]); }},
      {"matmul, transposed",
       {{3, 4}, {5, 3}},
       [](auto x) { return matmul(x[0], x[1], {.transpose_a = true, .transpose_b = true}); }},
      {"linear", {{4, 3}, {5, 3}, {5}}, [](auto x) { return linear(x[0], x[1], x[2]); }},
      {"conv2d",
       {{2, 2, 4, 4}, {3, 2, 3, 3}, {3}},
       [](auto x) { return conv2d(x[0], x[1], x[2], {.padding = 1}); }},
      {"conv2d, Winograd",
       {{2, 8, 4, 4}, {8, 8, 3, 3}, {8}},
       [](auto x) { return conv2d(x[0], x[1], x[2], {.padding = 1}); }},
      {"batch_norm",
       {{4, 3}, {3}, {3}},
       [](auto x) {
         return batch_norm(x[0], x[1], x[2], x[0].tape->result({3}, false),
                           x[0].tape->result({3}, false));
       }},
      {"layer_norm", {{4, 3}, {3}, {3}}, [](auto x) { return layer_norm(x[0], x[1], x[2]); }},
      {"concat", {{4, 3}, {4, 2}, {4, 1}}, [](auto x) { return concat(x, 1); }},
      {"embedding", {{1, 3}, {2}}, [](auto x) { return embedding(x[0], x[1]); }},
      {"mean_squared_error",
       {{4, 3}, {4, 3}},
       [](auto x) { return mean_squared_error(x[0], x[1]); }},
      {"binary_cross_entropy",
       {{4, 3}, {4, 3}},
       [](auto x) { return binary_cross_entropy_with_logits(x[0], x[1]); }},
  };
  for (const Case& c : cases) {
    INFO(std::string(c.name));
    Rng rng(1);
    std::vector<Parameter> inputs;
    for (const Shape& shape : c.shapes) {
      inputs.emplace_back(shape);
      for (Real& x : inputs.back().tensor().values())
        x = std::string(c.name) == "embedding" ? Real(0) : static_cast<Real>(rng.uniform(0.1, 1));
    }
    const auto all = (1u << inputs.size()) - 1;
    std::vector<std::vector<Real>> expected;  // all inputs with a gradient
    for (unsigned wanted = all; wanted > 0; --wanted) {
      INFO("gradients wanted: ", wanted);
      Tape tape;
      std::vector<Tensor> x;
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        Tensor input = inputs[i];
        std::ranges::fill(input.gradients(), Real(0));
        if ((wanted >> i & 1) == 0) input.grad = nullptr;
        x.push_back(tape.input(input));
      }
      const Tensor y = c.f(x);
      if (y.grad != nullptr) tape.backward(sum(square(y)));
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto g = inputs[i].tensor().gradients();
        const std::vector<Real> found(g.begin(), g.end());
        if (wanted == all)
          expected.push_back(found);
        else
          CHECK(found == ((wanted >> i & 1) != 0 ? expected[i] : std::vector<Real>(found.size())));
      }
    }
  }
}

TEST_CASE("a tape that infers makes no gradients") {
  const Parameter x = parameter({2}, {1, 2});
  Tape tape(Tape::Mode::infer);
  const Tensor y = exp(tape.input(x)) * x;
  CHECK(y.grad == nullptr);
  CHECK(tape.steps().empty());
  CHECK(tape.result({3}, true).grad == nullptr);
}
