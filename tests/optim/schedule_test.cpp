#include "optim/schedule.h"

#include <functional>

#include "tests/check.h"
#include "tests/optim/reference.h"

using namespace temper;

namespace {
void check_schedule(const std::string& name, const std::function<double(int)>& f) {
  INFO(name);
  const std::vector<double>& expected = pytorch(name);
  for (int t = 0; t < static_cast<int>(expected.size()); ++t) {
    INFO("step ", t, ": ", f(t), ", expected ", expected[static_cast<std::size_t>(t)]);
    CHECK(std::abs(f(t) - expected[static_cast<std::size_t>(t)]) < 1e-13);
  }
}
}  // namespace

TEST_CASE("schedules are those of PyTorch") {
  check_schedule("step_decay", [](int t) { return step_decay(t, 3); });
  check_schedule("step_decay 0.5", [](int t) { return step_decay(t, 2, 0.5); });
  check_schedule("exponential_decay", [](int t) { return exponential_decay(t, 0.9); });
  check_schedule("cosine_decay", [](int t) { return cosine_decay(t, 8); });
  check_schedule("cosine_decay low", [](int t) { return cosine_decay(t, 8, 0.1); });
  check_schedule("linear_warmup", [](int t) { return linear_warmup(t, 5); });
  check_schedule("linear_warmup start", [](int t) { return linear_warmup(t, 4, 0.1); });
  check_schedule("one_cycle", [](int t) { return one_cycle(t, 20); });
  check_schedule("one_cycle options", [](int t) {
    return one_cycle(t, 11, {.rise = 0.5, .divide = 10, .final_divide = 100});
  });
  check_schedule("one_cycle short", [](int t) { return one_cycle(t, 3); });
}

TEST_CASE("schedules compose by multiplication") {
  check_schedule("warm-up times decay",
                 [](int t) { return 0.2 * linear_warmup(t, 4, 0.25) * step_decay(t, 3, 0.5); });
}

TEST_CASE("schedules at their ends") {
  CHECK(linear_warmup(0, 10, 0) == 0);
  CHECK(linear_warmup(1000, 10, 0) == 1);
  CHECK(cosine_decay(0, 10) == 1);
  CHECK(std::abs(cosine_decay(10, 10)) < 1e-15);
  CHECK(one_cycle(1000, 20) == one_cycle(19, 20));
  CHECK(one_cycle(0, 1, {.rise = 0}) == doctest::Approx(1 / (25 * 1e4)).epsilon(1e-12));
  CHECK(one_cycle(0, 10, {.rise = 0.1}) == 1);  // no steps to rise in
}

TEST_CASE("schedules refuse what makes no sense") {
  const auto check = [](const auto& f, const char* text) {
    CHECK_THROWS_WITH_AS(f(), text, ShapeError);
  };
  check([] { step_decay(-1, 3); }, "step_decay: steps count from 0, got -1");
  check([] { step_decay(1, 0); }, "step_decay: the length must be at least 1, got 0");
  check([] { exponential_decay(1, -0.5); },
        "exponential_decay: gamma must be a number >= 0, got -0.5");
  check([] { cosine_decay(1, 0); }, "cosine_decay: the length must be at least 1, got 0");
  check([] { cosine_decay(1, 5, -1); }, "cosine_decay: low must be a number >= 0, got -1");
  check([] { linear_warmup(1, 5, -1); }, "linear_warmup: start must be a number >= 0, got -1");
  check([] { one_cycle(1, 5, {.rise = 1}); }, "one_cycle: rise must be in [0, 1), got 1");
  check([] { one_cycle(1, 5, {.divide = 0}); },
        "one_cycle: divide and final_divide must be at least 1, got 0 and 10000");
}
