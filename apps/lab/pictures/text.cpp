#include "text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace temper::lab {
std::string counted(std::size_t n, const std::string& what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value)) return "–";
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value));
  const bool zero = std::string(text).find_first_not_of("0.") == std::string::npos;
  return (value < 0 && !zero ? "−" : "") + std::string(text);
}

std::string percent(double share, int decimals) { return fixed(100 * share, decimals) + "\u00a0%"; }

std::string plain(double value) {
  if (!std::isfinite(value)) return "?";
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

int decimals_for(double uncertainty) {
  if (!(uncertainty > 0) || !std::isfinite(uncertainty)) return 2;
  return std::clamp(-static_cast<int>(std::floor(std::log10(uncertainty / 3))), 0, 6);
}

std::string escaped(const std::string& text) {
  static const std::map<char, std::string> entities = {
      {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
  std::string result;
  for (const char c : text) {
    const auto entity = entities.find(c);
    result += entity != entities.end() ? entity->second : std::string(1, c);
  }
  return result;
}
}  // namespace temper::lab
