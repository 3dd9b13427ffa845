// Profile: where the time of training steps goes, by the names of the ops. It shows what is worth
// making faster; train --profile prints it.
#pragma once

#include <temper.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace temper {
// Cuts time into pieces: each lap() ends one and begins the next. A tape that has lap() as its
// observer calls it after every op.
class Profile {
 public:
  struct Row {
    std::int64_t calls = 0;
    double seconds = 0;
    std::int64_t multiply_adds = 0;  // in matrix products and convolutions
  };

  // Counts the time since the last lap, or since the profile was made, as that of `what`.
  void lap(const std::string& what);

  const std::map<std::string, Row>& rows() const { return rows_; }

  // A table, what took longest first: calls, time of a call, speed of its products, share of time.
  std::string to_text() const;

 private:
  std::map<std::string, Row> rows_;
  std::int64_t multiply_adds_ = multiply_adds_so_far();  // at the last lap
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};
}  // namespace temper
