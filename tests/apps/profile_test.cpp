// The profile of training steps: what it counts, and its table.
#include "apps/common/profile.h"

#include <doctest/doctest.h>

#include <string>

using namespace temper;

TEST_CASE("a profile counts the ops, their time and their products") {
  const Parameter a({20, 30}), b({30, 40});
  Tape tape;
  Profile profile;
  tape.observe([&](const std::string& what) { profile.lap(what); });
  for (int step = 0; step < 2; ++step) {
    tape.clear();
    tape.backward(sum(exp(matmul(tape.input(a), b))));
  }
  tape.observe({});
  tape.clear();
  tape.backward(sum(exp(matmul(tape.input(a), b))));
  for (const char* op : {"matmul", "exp", "sum", "matmul backward", "exp backward", "sum backward",
                         "zero the gradients on the tape"}) {
    INFO(std::string(op));
    REQUIRE(profile.rows().count(op) == 1);
    CHECK(profile.rows().at(op).calls == 2);
    CHECK(profile.rows().at(op).seconds > 0);
  }
  CHECK(profile.rows().at("matmul").multiply_adds == 2 * 20 * 30 * 40);
  CHECK(profile.rows().at("matmul backward").multiply_adds == 4 * 20 * 30 * 40);
  CHECK(profile.rows().at("exp").multiply_adds == 0);
}

TEST_CASE("the table of a profile begins with what took longest") {
  Profile profile;
  const auto wait = [](double seconds) {
    const auto begin = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begin < std::chrono::duration<double>(seconds)) {
    }
  };
  profile.lap("first");
  wait(0.02);
  profile.lap("long");
  wait(0.002);
  count_multiply_adds(1000);
  profile.lap("short");
  const std::string table = profile.to_text();
  CHECK(table.starts_with(
      "                                         calls   us a call   GFLOP/s   share\nlong  "));
  CHECK(table.find("\nshort ") > table.find("\nlong "));
  CHECK(table.ends_with(" %\n"));
}
