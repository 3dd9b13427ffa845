// Dividing the time, and the table of it.
#include "profile.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <utility>
#include <vector>

namespace temper {
void Profile::lap(const std::string& what) {
  const auto now = std::chrono::steady_clock::now();
  const std::int64_t multiply_adds = multiply_adds_so_far();
  Row& row = rows_[what];
  row.calls += 1;
  row.seconds += std::chrono::duration<double>(now - last_).count();
  row.multiply_adds += multiply_adds - multiply_adds_;
  multiply_adds_ = multiply_adds;
  last_ = std::chrono::steady_clock::now();  // again: this function's own time belongs to nothing
}

std::string Profile::to_text() const {
  std::vector<std::pair<std::string, Row>> sorted(rows_.begin(), rows_.end());
  std::ranges::sort(sorted, std::greater{}, [](const auto& row) { return row.second.seconds; });
  double total = 0;
  for (const auto& [name, row] : sorted) total += row.seconds;
  char line[128];
  std::snprintf(line, sizeof line, "%-36s%10s%12s%10s%8s\n", "", "calls", "us a call", "GFLOP/s",
                "share");
  std::string text = line;
  for (const auto& [name, row] : sorted) {
    char speed[16] = "";
    if (row.multiply_adds > 0)
      std::snprintf(speed, sizeof speed, "%.1f",
                    2e-9 * static_cast<double>(row.multiply_adds) / row.seconds);
    std::snprintf(line, sizeof line, "%-36s%10lld%12.1f%10s%6.1f %%\n", name.c_str(),
                  static_cast<long long>(row.calls),
                  1e6 * row.seconds / static_cast<double>(row.calls), speed,
                  100 * row.seconds / total);
    text += line;
  }
  return text;
}
}  // namespace temper
