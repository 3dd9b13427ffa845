#include "arm.h"

#include <sstream>

namespace temper::lab {
namespace {
std::string shortest(double number) {
  std::ostringstream text;
  text << number;
  return text.str();
}
}  // namespace

Arm hard() { return {.name = "hard"}; }

Arm smooth(double smoothing) {
  return {.name = "smooth " + shortest(smoothing), .smoothing = smoothing};
}

Arm on_wrong_labels(Arm arm, double share, bool look_alikes) {
  arm.method = (look_alikes ? "alike " : "") + arm.name;
  arm.name = shortest(share) + " " + arm.method;
  arm.wrong_labels = share;
  arm.look_alikes = look_alikes;
  return arm;
}
}  // namespace temper::lab
