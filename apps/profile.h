// Profile: where the time of training steps goes, by the names of the ops.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include <temper.h>

namespace temper {
// A tape adds its ops to it, when lap() observes it; what else takes time is added by lap() too.
struct Profile {
  struct Row {
    std::int64_t calls = 0;
    double seconds = 0;
    std::int64_t multiply_adds = 0;  // in products of matrices
  };
  std::map<std::string, Row> rows;

  // The time since the last lap belongs to `what`.
  void lap(const std::string& what) {
    const auto now = std::chrono::steady_clock::now();
    const std::int64_t products = multiply_adds_so_far();
    Row& row = rows[what];
    row.calls += 1;
    row.seconds += std::chrono::duration<double>(now - last_).count();
    row.multiply_adds += products - products_;
    products_ = products;
    last_ = std::chrono::steady_clock::now();
  }

 private:
  std::int64_t products_ = multiply_adds_so_far();
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};
}  // namespace temper
