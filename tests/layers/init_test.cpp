#include "layers/init.h"

#include "layers/linear.h"
#include "tests/check.h"
#include "tests/layers/reference.h"

using namespace temper;

namespace {
struct Statistics {
  double mean = 0, deviation = 0, largest = 0;
};

Statistics statistics(std::span<const Real> numbers) {
  Statistics s;
  const auto n = static_cast<double>(numbers.size());
  for (double x : numbers) s.mean += x / n;
  for (double x : numbers) s.deviation += (x - s.mean) * (x - s.mean) / n;
  for (double x : numbers) s.largest = std::max(s.largest, std::abs(x));
  s.deviation = std::sqrt(s.deviation);
  return s;
}

// As in layer_reference.py: a weight [40, 60, 5, 7].
Statistics drawn(const Initializer& initializer) {
  Rng rng(1);
  const Parameter weight({40, 60, 5, 7});
  initializer(weight, rng);
  return statistics(weight.tensor().values());
}

void check_drawn(const std::string& name, const Initializer& initializer, bool uniform) {
  INFO(name);
  const Statistics found = drawn(initializer);
  const double deviation = pytorch_layer(name)[0], largest = pytorch_layer(name)[1];
  CHECK(std::abs(found.mean) < 5 * deviation / std::sqrt(84'000));
  CHECK(found.deviation == doctest::Approx(deviation).epsilon(0.015));
  if (uniform) CHECK(found.largest == doctest::Approx(largest).epsilon(1e-3));
}
}  // namespace

TEST_CASE("initializers draw from the distributions of PyTorch's") {
  check_drawn("kaiming_uniform", kaiming_uniform(), true);
  check_drawn("kaiming_normal", kaiming_normal(), false);
  check_drawn("kaiming_normal tanh", kaiming_normal(5.0 / 3), false);
  check_drawn("xavier_uniform", xavier_uniform(), true);
  check_drawn("xavier_uniform relu", xavier_uniform(std::numbers::sqrt2), true);
  check_drawn("xavier_normal", xavier_normal(), false);
  check_drawn("fan_in_uniform", fan_in_uniform(), true);
}

TEST_CASE("uniform initializers keep their bounds") {
  const auto check = [](const Initializer& initializer, double bound) {
    const double largest = drawn(initializer).largest;
    CHECK(largest <= static_cast<Real>(bound));
    CHECK(largest > 0.999 * bound);
  };
  const double in = 60 * 35, out = 40 * 35;
  check(kaiming_uniform(), std::sqrt(6 / in));
  check(xavier_uniform(), std::sqrt(6 / (in + out)));
  check(fan_in_uniform(), 1 / std::sqrt(in));
  check(uniform(-0.5, 0.5), 0.5);
}

TEST_CASE("normal has the mean and the deviation it is given, and the tails of the normal law") {
  const Statistics s = drawn(normal(0.02, 3));
  CHECK(std::abs(s.mean - 3) < 5 * 0.02 / std::sqrt(84'000));
  CHECK(s.deviation == doctest::Approx(0.02).epsilon(0.015));
  Rng rng(2);
  const Parameter weight({100'000});
  normal()(weight, rng);
  const auto within = [&](double bound) {
    return static_cast<double>(std::ranges::count_if(weight.tensor().values(),
                                                     [=](Real x) { return std::abs(x) < bound; })) /
           1e5;
  };
  CHECK(within(1) == doctest::Approx(0.682689).epsilon(0.01));
  CHECK(within(2) == doctest::Approx(0.954500).epsilon(0.005));
}

TEST_CASE("constant and zeros") {
  Rng rng(1);
  const Parameter weight({3});
  constant(2.5)(weight, rng);
  check_close(weight.tensor().values(), {2.5, 2.5, 2.5});
  zeros()(weight, rng);
  check_close(weight.tensor().values(), {0, 0, 0});
}

TEST_CASE("Linear starts as PyTorch's Linear does") {
  Rng rng(1);
  const Linear layer(50, 4000, rng);
  const char* names[] = {"linear weight", "linear bias"};
  for (std::size_t i : {0, 1}) {
    INFO(names[i]);
    const Statistics found = statistics(layer.parameters()[i].tensor.values());
    CHECK(found.deviation == doctest::Approx(pytorch_layer(names[i])[0]).epsilon(0.03));
    CHECK(found.largest == doctest::Approx(pytorch_layer(names[i])[1]).epsilon(0.002));
    CHECK(found.largest <= static_cast<Real>(1 / std::sqrt(50)));
    CHECK(std::abs(found.mean) < 5 * found.deviation / std::sqrt(4000));
  }
}

TEST_CASE("the same seed gives the same weights") {
  const auto weights = [](std::uint64_t seed) {
    Rng rng(seed);
    const Parameter weight({10, 10});
    kaiming_normal()(weight, rng);
    return std::vector<Real>(weight.tensor().data, weight.tensor().data + 100);
  };
  CHECK(weights(1) == weights(1));
  CHECK(weights(1) != weights(2));
}

TEST_CASE("initializers that need fans say so") {
  Rng rng(1);
  const Parameter weight({3});
  CHECK_THROWS_WITH_AS(kaiming_normal()(weight, rng),
                       "kaiming_normal: a weight [out, in, ...] is needed, this one is [3]",
                       ShapeError);
  CHECK_THROWS_WITH_AS(xavier_uniform()(weight, rng),
                       "xavier_uniform: a weight [out, in, ...] is needed, this one is [3]",
                       ShapeError);
}
