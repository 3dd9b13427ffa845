#include <omp.h>

#include <cstring>
#include <limits>
#include <memory>

#include "optim/adam.h"
#include "optim/rmsprop.h"
#include "optim/sgd.h"
#include "tests/check.h"
#include "tests/optim/reference.h"

using namespace temper;

namespace {
Parameter five_numbers() { return parameter({5}, {0.5, -1.0, 2.0, 0.0, -0.3}); }

// Six steps with the gradients of optimizer_reference.py; the parameter after each of them.
template <class O, class Options>
void check_steps(const std::string& name, const Options& options, bool new_rates = false) {
  INFO(name);
  const Parameter p = five_numbers();
  const Tensor w = p;
  O optimizer({{"w", w}}, options);
  std::vector<Real> trace;
  for (int step = 0; step < 6; ++step) {
    if (new_rates && step == 2) optimizer.set_learning_rate(0.02);
    if (new_rates && step == 4) optimizer.set_learning_rate(0.3);
    for (int k = 0; k < 4; ++k)
      w.grad[k] = static_cast<Real>(std::sin(1 + 3 * step + k) + 0.5 * w.data[k]);
    optimizer.step();
    trace.insert(trace.end(), w.data, w.data + 5);
  }
  check_close(trace, pytorch(name), is_double ? 1e-13 : 1e-6);
}
}  // namespace

TEST_CASE("SGD takes the steps of PyTorch's") {
  const auto check = check_steps<SGD, SGDOptions>;
  check("sgd", {.learning_rate = 0.1}, false);
  check("sgd weight_decay", {.learning_rate = 0.1, .weight_decay = 0.05}, false);
  check("sgd momentum", {.learning_rate = 0.1, .momentum = 0.9}, false);
  check("sgd dampening", {.learning_rate = 0.1, .momentum = 0.9, .dampening = 0.3}, false);
  check("sgd nesterov", {.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}, false);
  check("sgd nesterov weight_decay",
        {.learning_rate = 0.1, .momentum = 0.8, .weight_decay = 0.05, .nesterov = true}, false);
  check("sgd learning rate changes", {.learning_rate = 0.1, .momentum = 0.9}, true);
}

TEST_CASE("Adam and AdamW take the steps of PyTorch's") {
  const auto adam = check_steps<Adam, AdamOptions>;
  adam("adam", {}, false);
  adam("adam options", {.learning_rate = 0.1, .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-3}, false);
  adam("adam weight_decay", {.learning_rate = 0.1, .weight_decay = 0.05}, false);
  adam("adam learning rate changes", {.learning_rate = 0.1}, true);
  const auto adamw = check_steps<AdamW, AdamWOptions>;
  adamw("adamw", {}, false);
  adamw("adamw options",
        {.learning_rate = 0.1, .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-3, .weight_decay = 0.2},
        false);
  adamw("adamw learning rate changes", {.learning_rate = 0.1, .weight_decay = 0.2}, true);
}

TEST_CASE("RMSprop takes the steps of PyTorch's") {
  const auto check = check_steps<RMSprop, RMSpropOptions>;
  check("rmsprop", {}, false);
  check("rmsprop options", {.learning_rate = 0.05, .alpha = 0.9, .epsilon = 1e-3}, false);
  check("rmsprop weight_decay", {.learning_rate = 0.05, .weight_decay = 0.05}, false);
  check("rmsprop momentum", {.learning_rate = 0.05, .momentum = 0.7}, false);
  check("rmsprop centered", {.learning_rate = 0.05, .centered = true}, false);
  check("rmsprop everything",
        {.learning_rate = 0.05,
         .alpha = 0.9,
         .momentum = 0.7,
         .weight_decay = 0.05,
         .centered = true},
        false);
}

TEST_CASE("centered RMSprop stays finite where rounding makes the variance negative") {
  // With alpha 0 the variance is exactly g² - g² = 0, give or take a rounding.
  Rng rng(3);
  const Parameter p = random_parameter({1000}, rng);
  const Tensor w = p;
  RMSprop optimizer({{"w", w}}, {.alpha = 0, .epsilon = 1, .centered = true});
  for (Real& g : w.gradients()) g = static_cast<Real>(rng.normal());
  optimizer.step();
  for (Real x : w.values()) CHECK(std::isfinite(x));
}

TEST_CASE("a tied parameter is updated once, a frozen one never") {
  const Parameter p = parameter({2}, {1, 2}), q = parameter({2}, {3, 4});
  const Tensor w = p;
  Tensor frozen = q, frozen_w = p;
  frozen.grad = frozen_w.grad = nullptr;
  SGD optimizer({{"frozen w", frozen_w}, {"in", w}, {"frozen", frozen}, {"out", w}},
                {.learning_rate = 0.5, .momentum = 0.5});
  for (int step = 0; step < 2; ++step) {
    std::ranges::fill(w.gradients(), Real(1));
    std::ranges::fill(q.tensor().gradients(), Real(1));
    optimizer.step();
  }
  check_close(w.values(), {1 - 0.5 - 0.75, 2 - 0.5 - 0.75});  // b = 1, then 1.5
  check_close(frozen.values(), {3, 4});
}

TEST_CASE("zero_grad sets the gradients to zero and nothing else") {
  const Parameter p = five_numbers();
  SGD optimizer({{"w", p}});
  std::ranges::fill(p.tensor().gradients(), static_cast<Real>(not_a_number));
  optimizer.zero_grad();
  check_close(p.tensor().gradients(), {0, 0, 0, 0, 0});
  optimizer.step();
  check_close(p.tensor().values(), {0.5, -1.0, 2.0, 0.0, -0.3});
}

TEST_CASE("an optimizer can be moved and keeps its state") {
  const Parameter p = parameter({1}, {0});
  std::ranges::fill(p.tensor().gradients(), Real(1));
  SGD first({{"w", p}}, {.learning_rate = 1, .momentum = 0.5});
  first.step();
  SGD second = std::move(first);
  second.step();
  check_close(p.tensor().values(), {-2.5});
}

TEST_CASE("options that make no sense are refused") {
  const Parameter p = five_numbers();
  const Parameters w = {{"w", p}};
  const auto check = [](const auto& make, const char* text) {
    CHECK_THROWS_WITH_AS(make(), text, ShapeError);
  };
  check([&] { SGD(w, {.learning_rate = -0.1}); },
        "optimizer: learning_rate must be a number >= 0, got -0.1");
  check([&] { Adam(w, {.learning_rate = not_a_number}); },
        "optimizer: learning_rate must be a number >= 0, got nan");
  check([&] { SGD(w).set_learning_rate(std::numeric_limits<double>::infinity()); },
        "optimizer: learning_rate must be a number >= 0, got inf");
  check([&] { SGD(w, {.momentum = 1}); }, "SGD: momentum must be in [0, 1), got 1");
  check([&] { SGD(w, {.momentum = -0.5}); }, "SGD: momentum must be in [0, 1), got -0.5");
  check([&] { SGD(w, {.momentum = 0.9, .dampening = 1.5}); },
        "SGD: dampening must be in [0, 1], got 1.5");
  check([&] { SGD(w, {.weight_decay = -1}); }, "SGD: weight_decay must be a number >= 0, got -1");
  check([&] { SGD(w, {.nesterov = true}); },
        "SGD: nesterov needs a momentum > 0 and no dampening, got momentum 0 and dampening 0");
  check([&] { Adam(w, {.beta1 = 1}); }, "Adam: beta1 must be in [0, 1), got 1");
  check([&] { Adam(w, {.beta2 = not_a_number}); }, "Adam: beta2 must be in [0, 1), got nan");
  check([&] { AdamW(w, {.epsilon = -1}); }, "AdamW: epsilon must be a number >= 0, got -1");
  check([&] { AdamW(w, {.weight_decay = -1}); },
        "AdamW: weight_decay must be a number >= 0, got -1");
  check([&] { RMSprop(w, {.alpha = 1}); }, "RMSprop: alpha must be in [0, 1), got 1");
  check([&] { RMSprop(w, {.epsilon = -1}); }, "RMSprop: epsilon must be a number >= 0, got -1");
  check([&] { RMSprop(w, {.momentum = 2}); }, "RMSprop: momentum must be in [0, 1), got 2");
  check([&] { RMSprop(w, {.weight_decay = not_a_number}); },
        "RMSprop: weight_decay must be a number >= 0, got nan");
  check([&] { SGD(Parameters{}); },
        "optimizer: none of 0 parameters has a gradient: there is nothing to train");
  Tensor frozen = p;
  frozen.grad = nullptr;
  check(
      [&] {
        SGD({{"w", frozen}});
      },
      "optimizer: none of 1 parameters has a gradient: there is nothing to train");
}

TEST_CASE("a step has the same bits at any number of threads") {
  const auto trained = [](int threads, const auto& make) {
    omp_set_num_threads(threads);
    Rng rng(5);
    const Parameter p = random_parameter({100'003}, rng);
    const std::unique_ptr<Optimizer> optimizer = make(Parameters{{"w", p}});
    for (int step = 0; step < 3; ++step) {
      for (Real& g : p.tensor().gradients()) g = static_cast<Real>(rng.normal());
      optimizer->step();
    }
    const auto values = p.tensor().values();
    return std::vector<Real>(values.begin(), values.end());
  };
  const int before = omp_get_max_threads();
  const auto check = [&](const auto& make) {
    const std::vector<Real> one = trained(1, make);
    for (int threads : {2, 3, 8}) {
      const std::vector<Real> several = trained(threads, make);
      CHECK(std::memcmp(one.data(), several.data(), one.size() * sizeof(Real)) == 0);
    }
  };
  check([](const Parameters& p) {
    return std::make_unique<SGD>(
        p, SGDOptions{.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.01});
  });
  check([](const Parameters& p) { return std::make_unique<Adam>(p); });
  check([](const Parameters& p) {
    return std::make_unique<RMSprop>(p, RMSpropOptions{.momentum = 0.9, .centered = true});
  });
  omp_set_num_threads(before);
}

TEST_CASE("every optimizer solves a linear regression") {
  Rng rng(1);
  const Parameter x = random_parameter({64, 3}, rng);
  const Parameter truth = parameter({1, 3}, {1.5, -2, 0.5}), offset = parameter({1}, {0.25});
  const auto solves = [&](const char* name, const auto& make) {
    INFO(name);
    const Parameter weight({1, 3}), bias({1});
    const std::unique_ptr<Optimizer> optimizer =
        make(Parameters{{"weight", weight}, {"bias", bias}});
    Tape tape;
    double loss = 0;
    for (int step = 0; step < 400; ++step) {
      tape.clear();
      const Tensor error =
          linear(tape.input(x), weight, bias) - linear(tape.input(x), truth, offset);
      const Tensor mse = mean(square(error));
      optimizer->zero_grad();
      tape.backward(mse);
      optimizer->step();
      loss = mse.item();
    }
    CHECK(loss < 1e-4);
    check_close(weight.tensor().values(), {1.5, -2, 0.5}, 0.01);
    check_close(bias.tensor().values(), {0.25}, 0.01);
  };
  solves("SGD", [](const Parameters& p) {
    return std::make_unique<SGD>(p, SGDOptions{.learning_rate = 0.1});
  });
  solves("SGD with Nesterov's momentum", [](const Parameters& p) {
    return std::make_unique<SGD>(
        p, SGDOptions{.learning_rate = 0.02, .momentum = 0.9, .nesterov = true});
  });
  solves("Adam", [](const Parameters& p) {
    return std::make_unique<Adam>(p, AdamOptions{.learning_rate = 0.05});
  });
  solves("AdamW", [](const Parameters& p) {
    return std::make_unique<AdamW>(p, AdamWOptions{.learning_rate = 0.05, .weight_decay = 1e-4});
  });
  solves("RMSprop", [](const Parameters& p) {
    return std::make_unique<RMSprop>(p, RMSpropOptions{.learning_rate = 0.01});
  });
}

TEST_CASE(
    "a tiny gradient makes a step of the usual size, as in PyTorch, and never an infinite one") {
  const auto step_of = [](auto make) {
    Parameter p = parameter({1}, {1});
    auto optimizer = make(Parameters{{"p", p}});
    p.tensor().grad[0] = Real(1e-15);
    optimizer.step();
    return 1 - static_cast<double>(p.tensor().data[0]);
  };
  const double rate = 0.01;
  CHECK(step_of([=](const Parameters& p) {
          return Adam(p, {.learning_rate = rate, .epsilon = 0});
        }) == doctest::Approx(rate).epsilon(1e-5));
  CHECK(step_of([=](const Parameters& p) {
          return RMSprop(p, {.learning_rate = rate, .epsilon = 0});
        }) == doctest::Approx(rate / std::sqrt(0.01)).epsilon(1e-5));
}

TEST_CASE("a momentum that no gradient feeds becomes 0, not a subnormal number") {
  // 0.9^k falls below the smallest normal float after 840 steps, below the smallest double after
  // 6,730
  Parameter p = parameter({1}, {0});
  SGD optimizer({{"p", p}}, {.learning_rate = 1, .momentum = 0.9});
  p.tensor().grad[0] = 1;
  optimizer.step();
  optimizer.zero_grad();
  double before = 0;
  for (int step = 0; step < 10'000; ++step) {
    before = static_cast<double>(p.tensor().data[0]);
    p.tensor().data[0] = 0;  // so that the next value is the momentum alone
    optimizer.step();
    const double momentum = std::abs(static_cast<double>(p.tensor().data[0]));
    REQUIRE((momentum == 0 || momentum >= static_cast<double>(std::numeric_limits<Real>::min())));
  }
  CHECK(before == 0);
}
