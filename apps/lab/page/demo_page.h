// The page of ./run demo: two networks, one trained on hard targets and one on smoothed.
#pragma once

#include <temper.h>

#include <string>

namespace temper::lab {
struct DemoModel {
  std::string name;  // "hard", "smooth 0.1"
  Metrics metrics;   // on the test images
};
std::string demo_page(const std::string& dataset, const std::string& settings,
                      const DemoModel& hard, const DemoModel& smooth);
}  // namespace temper::lab
