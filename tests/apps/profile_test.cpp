#include "apps/profile.h"

#include "tests/check.h"

using namespace temper;

TEST_CASE("a profile counts the ops, their time and their products") {
  const Parameter a({20, 30}), b({30, 40});
  Tape tape;
  Profile profile;
  tape.observe([&](const std::string& part) { profile.lap(part); });
  for (int step = 0; step < 2; ++step) {
    tape.clear();
    tape.backward(sum(exp(matmul(tape.input(a), b))));
  }
  tape.observe(nullptr);
  tape.clear();
  tape.backward(sum(exp(matmul(tape.input(a), b))));
  for (const char* op : {"matmul", "exp", "sum", "matmul backward", "exp backward", "sum backward",
                         "zero the gradients on the tape"}) {
    INFO(std::string(op));
    REQUIRE(profile.rows.count(op) == 1);
    CHECK(profile.rows[op].calls == 2);
    CHECK(profile.rows[op].seconds > 0);
  }
  CHECK(profile.rows["matmul"].multiply_adds == 2 * 20 * 30 * 40);
  CHECK(profile.rows["matmul backward"].multiply_adds == 4 * 20 * 30 * 40);
  CHECK(profile.rows["exp"].multiply_adds == 0);
}
