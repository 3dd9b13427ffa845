#include "layers/layer.h"

#include "datasets/data_loader.h"
#include "layers/activations.h"
#include "layers/batch_norm.h"
#include "layers/linear.h"
#include "layers/sequential.h"
#include "layers/summary.h"
#include "losses/cross_entropy.h"
#include "losses/metrics.h"
#include "optim/adam.h"
#include "optim/clip.h"
#include "optim/sgd.h"
#include "tests/layers/check_layer.h"

using namespace temper;

namespace {
std::vector<std::string> names(const Parameters& list) {
  std::vector<std::string> all;
  for (const NamedTensor& p : list) all.push_back(p.name);
  return all;
}
using Names = std::vector<std::string>;

std::vector<Real> numbers(const Parameters& list) {
  std::vector<Real> all;
  for (const NamedTensor& p : list)
    all.insert(all.end(), p.tensor.values().begin(), p.tensor.values().end());
  return all;
}

// A body with batch norm, and a head; the seed of what it starts from.
struct Classifier : Layer {
  Sequential body;
  Linear head;
  explicit Classifier(Rng rng) : body{Linear(4, 6, rng), BatchNorm1d(6), ReLU()}, head(6, 3, rng) {}
  Tensor forward(Tensor x) override { return head.forward(body.forward(x)); }
  Parts parts() const override { return {{"body", body}, {"head", head}}; }
};

// As README says that it goes wrong.
struct Forgetful : Classifier {
  using Classifier::Classifier;
  Parts parts() const override { return {{"head", head}}; }
};

const std::vector<int> labels{0, 1, 2, 0, 1, 2, 1, 0};

void train(Layer& model, Optimizer& optimizer, int steps, double max_norm = 0) {
  Rng rng(3);
  const Parameter x = random_parameter({8, 4}, rng);
  Tensor inputs = x;
  inputs.grad = nullptr;
  Tape tape;
  for (int step = 0; step < steps; ++step) {
    tape.clear();
    const Tensor loss = softmax_cross_entropy(model.forward(tape.input(inputs)), labels);
    optimizer.zero_grad();
    tape.backward(loss);
    if (max_norm > 0) clip_grad_norm(optimizer, max_norm);
    optimizer.step();
  }
}
}  // namespace

TEST_CASE("parameters and state follow from the parts of a module") {
  const Classifier model(Rng(1));
  CHECK(names(model.parameters()) == Names{"body.0.weight", "body.0.bias", "body.1.weight",
                                           "body.1.bias", "head.weight", "head.bias"});
  CHECK(names(model.state()) == Names{"body.0.weight", "body.0.bias", "body.1.weight",
                                      "body.1.bias", "body.1.running_mean", "body.1.running_var",
                                      "head.weight", "head.bias"});
}

TEST_CASE("a frozen layer wants no gradient and comes back") {
  Classifier model(Rng(1));
  model.body.freeze();
  Tape tape;
  const Parameter x({8, 4});
  Tensor inputs = x;
  inputs.grad = nullptr;
  CHECK(model.body.forward(tape.input(inputs)).grad == nullptr);
  CHECK(model.forward(tape.input(inputs)).grad != nullptr);
  CHECK(model.parameters().size() == 6);
  int trained = 0;
  for (const NamedTensor& p : model.parameters()) trained += p.trained();
  CHECK(trained == 2);
  model.unfreeze();
  CHECK(model.body.forward(tape.input(inputs)).grad != nullptr);
}

TEST_CASE("fine-tuning a head on a frozen body moves the head alone, whoever owns the optimizer") {
  for (const bool head_alone : {false, true}) {
    INFO("an optimizer of the head alone: ", head_alone);
    Classifier model(Rng(1));
    SGD whole(model.parameters(), {.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.01});
    train(model, whole, 5);  // momentum and gradients that would go on moving the body
    model.body.freeze({.statistics = true});
    const std::vector<Real> body = numbers(model.body.state()), head = numbers(model.head.state());
    if (head_alone) {
      SGD optimizer(model.head.parameters(), {.learning_rate = 0.1, .momentum = 0.9});
      train(model, optimizer, 20);
    } else {
      train(model, whole, 20);
    }
    CHECK(numbers(model.body.state()) == body);
    CHECK(numbers(model.head.state()) != head);
    model.body.unfreeze();
    train(model, whole, 1);
    CHECK(numbers(model.body.state()) != body);
  }
}

TEST_CASE("running statistics stand still only on request, and then they normalise") {
  BatchNorm1d layer(2);
  const Parameter x = parameter({3, 2}, {1, 2, 3, 5, 8, 13});
  const auto statistics = [&] { return numbers(buffers_of(layer)); };
  const std::vector<Real> before = statistics();
  Tape tape;
  layer.freeze();
  layer.forward(tape.input(x));
  const std::vector<Real> moved = statistics();
  CHECK(moved != before);
  layer.freeze({.statistics = true});
  const Tensor trains = layer.forward(tape.input(x));
  CHECK(statistics() == moved);
  Tape infer(Tape::Mode::infer);
  const Tensor infers = layer.forward(infer.input(x));
  CHECK(std::ranges::equal(trains.values(), infers.values()));
  layer.unfreeze();
  layer.forward(tape.input(x));
  CHECK(statistics() != moved);
}

TEST_CASE("clipping counts what the optimizer trains, whatever else has a gradient") {
  Classifier model(Rng(1)), alone(Rng(1));
  SGD optimizer(model.parameters(), {.learning_rate = 0.1});
  for (const NamedTensor& p : model.body.parameters())
    std::ranges::fill(p.tensor.gradients(), Real(1e6));  // left over
  for (const NamedTensor& p : model.head.parameters())
    std::ranges::fill(p.tensor.gradients(), Real(0.5));
  model.body.freeze();
  const double expected = 0.5 * std::sqrt(6 * 3 + 3);
  CHECK(clip_grad_norm(optimizer, 100) == doctest::Approx(expected));
  SGD of_head(model.head.parameters(), {.learning_rate = 0.1});
  model.unfreeze();
  CHECK(clip_grad_norm(of_head, 100) == doctest::Approx(expected));
  CHECK(clip_grad_norm(of_head, 1) == doctest::Approx(expected));
  CHECK(clip_grad_norm(of_head, 100) == doctest::Approx(1).epsilon(1e-5));
  clip_grad_value(of_head, 0.01);
  CHECK(model.head.parameters()[0].tensor.grad[0] == Real(0.01));
  CHECK(model.body.parameters()[0].tensor.grad[0] == Real(1e6));
}

TEST_CASE("a part that was forgotten is told by a summary and by an evaluation") {
  Forgetful model(Rng(1));
  const char* message =
      "forward() uses a parameter [6, 4] that parts() does not list: it is not trained and will "
      "not be saved";
  CHECK_THROWS_WITH_AS(summary(model, {4}), (std::string("summary: ") + message).c_str(),
                       ShapeError);
  const Dataset data{
      .sample = {4}, .numbers = std::vector<Real>(32, Real(1)), .labels = labels, .classes = 3};
  DataLoader loader(data, {.batch_size = 4});
  CHECK_THROWS_WITH_AS(evaluate(model, loader), (std::string("evaluate: ") + message).c_str(),
                       ShapeError);
  Classifier complete(Rng(1));
  CHECK(evaluate(complete, loader).count() == 8);
}

TEST_CASE("a summary lists the layers of a module and says what is frozen") {
  Classifier model(Rng(1));
  model.body[0].freeze();
  CHECK(summary(model, {4}) ==
        "        layer                 output  parameters\n"
        "        Layer                 [n, 3]           0\n"
        "body    Sequential                             0\n"
        "body.0  Linear(4, 6), frozen                  30\n"
        "body.1  BatchNorm1d(6)                        12\n"
        "body.2  ReLU                                   0\n"
        "head    Linear(6, 3)                          21\n"
        "        total                                 63\n");
}

TEST_CASE("an optimizer made of frozen parameters trains them once they are not frozen") {
  Classifier model(Rng(1));
  model.body.freeze();
  AdamW optimizer(model.parameters(), {.learning_rate = 0.01});
  const std::vector<Real> before = numbers(model.body.parameters());
  train(model, optimizer, 2, 1.0);
  CHECK(numbers(model.body.parameters()) == before);
  model.body.unfreeze();
  train(model, optimizer, 1, 1.0);
  CHECK(numbers(model.body.parameters()) != before);
}
