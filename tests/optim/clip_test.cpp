#include "optim/clip.h"

#include <omp.h>

#include <limits>

#include "optim/sgd.h"
#include "tests/check.h"
#include "tests/optim/reference.h"

using namespace temper;

namespace {
void set_gradient(const Parameter& p, const std::vector<double>& numbers) {
  REQUIRE(numbers.size() == p.tensor().size());
  std::ranges::transform(numbers, p.tensor().grad, [](double x) { return static_cast<Real>(x); });
}
}  // namespace

TEST_CASE("clip_grad_norm is PyTorch's clip_grad_norm_") {
  const auto check = [](const std::string& name, double max_norm) {
    INFO(name);
    const Parameter a({3}), b({2});
    set_gradient(a, {1, -2, 3});
    set_gradient(b, {0.25, -4});
    Tensor frozen = b;
    frozen.grad = nullptr;
    const double norm =
        clip_grad_norm(SGD({{"a", a}, {"b", b}, {"tied", a}, {"frozen", frozen}}), max_norm);
    std::vector<Real> found = {static_cast<Real>(norm)};
    for (const Parameter* p : {&a, &b})
      for (Real g : p->tensor().gradients()) found.push_back(g);
    check_close(found, pytorch(name), is_double ? 1e-14 : 1e-6);
  };
  check("clip", 2.5);
  check("clip not needed", 100);
}

TEST_CASE("clip_grad_norm serves gradients whose squares overflow a float") {
  const Parameter p({2});
  set_gradient(p, {3e30, -4e30});
  CHECK(clip_grad_norm(SGD({{"w", p}}), 1) == doctest::Approx(5e30));
  check_close(p.tensor().gradients(), {0.6, -0.8});
}

TEST_CASE("clip_grad_norm names the parameter whose gradient is not finite and changes nothing") {
  const Parameter a({2}), b({1, 2});
  for (double bad : {not_a_number, infinity, -infinity}) {
    set_gradient(a, {3, 4});
    set_gradient(b, {1, bad});
    CHECK_THROWS_WITH_AS(clip_grad_norm(SGD({{"0.weight", a}, {"1.weight", b}}), 1),
                         "clip_grad_norm: the gradient of 1.weight [1, 2] has no finite norm",
                         NumericError);
    check_close(a.tensor().gradients(), {3, 4});
    check_close(b.tensor().gradients(), {1, bad});
  }
}

TEST_CASE("clip_grad_norm to nothing gives zeros, and of zeros zeros") {
  const Parameter p({2});
  CHECK(clip_grad_norm(SGD({{"w", p}}), 1) == 0);
  check_close(p.tensor().gradients(), {0, 0});
  set_gradient(p, {3, 4});
  CHECK(clip_grad_norm(SGD({{"w", p}}), 0) == 5);
  check_close(p.tensor().gradients(), {0, 0});
}

TEST_CASE("clip_grad_norm has the same bits at any number of threads") {
  Rng rng(1);
  const Parameter p({300'001});
  std::vector<double> numbers(p.tensor().size());
  for (double& x : numbers) x = rng.normal();
  const int before = omp_get_max_threads();
  const auto clipped = [&](int threads) {
    omp_set_num_threads(threads);
    set_gradient(p, numbers);
    const double norm = clip_grad_norm(SGD({{"w", p}}), 1);
    return std::pair(norm, std::vector<Real>(p.tensor().grad, p.tensor().grad + numbers.size()));
  };
  const auto one = clipped(1);
  CHECK(one.first == doctest::Approx(std::sqrt(300'001.0)).epsilon(0.01));
  for (int threads : {2, 3, 8}) CHECK(clipped(threads) == one);
  omp_set_num_threads(before);
}

TEST_CASE("clip_grad_value limits every number") {
  const Parameter p({7});
  set_gradient(p, {-2, -0.5, 0, 0.5, 2, infinity, not_a_number});
  clip_grad_value(SGD({{"w", p}, {"tied", p}}), 0.5);
  check_close(p.tensor().gradients(), {-0.5, -0.5, 0, 0.5, 0.5, 0.5, not_a_number});
}

TEST_CASE("clipping refuses negative limits") {
  const Parameter p({2});
  CHECK_THROWS_WITH_AS(clip_grad_norm(SGD({{"w", p}}), -1),
                       "clip_grad_norm: max_norm must be a number >= 0, got -1", ShapeError);
  CHECK_THROWS_WITH_AS(clip_grad_value(SGD({{"w", p}}), not_a_number),
                       "clip_grad_value: limit must be a number >= 0, got nan", ShapeError);
}
