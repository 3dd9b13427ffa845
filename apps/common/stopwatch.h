// Stopwatch: how long something took, and how a program says so.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>

namespace temper {
// Runs from the moment it is made.
class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Minutes and seconds: "1:05" for 65 seconds.
inline std::string clock_time(double seconds) {
  const long whole = std::lround(seconds);
  char text[32];
  std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  return text;
}
}  // namespace temper
