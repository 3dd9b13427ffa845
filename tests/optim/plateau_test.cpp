#include "optim/plateau.h"

#include "tests/check.h"
#include "tests/optim/reference.h"

using namespace temper;

TEST_CASE("ReduceOnPlateau is PyTorch's ReduceLROnPlateau") {
  const auto check = [](const std::string& name, const PlateauOptions& options,
                        double learning_rate = 1,
                        std::vector<double> losses = {
                            1,   0.9,  0.9, 0.89995, 0.9,  0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8,
                            0.7, 0.75, 0.7, 0.72,    0.71, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7}) {
    INFO(name);
    ReduceOnPlateau plateau(options);
    const std::vector<double>& expected = pytorch(name);
    REQUIRE(losses.size() == expected.size());
    for (std::size_t t = 0; t < losses.size(); ++t) {
      learning_rate = plateau.next(learning_rate, losses[t]);
      INFO("epoch ", t);
      CHECK(learning_rate == doctest::Approx(expected[t]).epsilon(1e-13));
    }
  };
  check("plateau", {});
  check("plateau patience", {.factor = 0.5, .patience = 2});
  check("plateau cooldown", {.factor = 0.5, .patience = 1, .cooldown = 3});
  check("plateau threshold", {.factor = 0.5, .patience = 1, .threshold = 0.2});
  check("plateau min_learning_rate", {.factor = 0.3, .patience = 0, .min_learning_rate = 0.01});
  check("plateau tiny", {.patience = 0}, 1e-7);
  check("plateau not a number", {.patience = 1}, 1,
        {1, not_a_number, not_a_number, 0.5, not_a_number});
}

TEST_CASE("ReduceOnPlateau refuses what makes no sense") {
  const auto check = [](const auto& f, const char* text) {
    CHECK_THROWS_WITH_AS(f(), text, ShapeError);
  };
  check([] { ReduceOnPlateau({.factor = 1}); }, "ReduceOnPlateau: factor must be in [0, 1), got 1");
  check([] { ReduceOnPlateau({.patience = -1}); },
        "ReduceOnPlateau: patience must be a number >= 0, got -1");
}
