#include "statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace temper::lab {
namespace {
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
}  // namespace

Spread spread(const std::vector<double>& values) {
  Spread result;
  double sum = 0, squares = 0;
  for (const double x : values)
    if (std::isfinite(x)) ++result.n, sum += x;
  result.mean = result.n > 0 ? sum / result.n : std::numeric_limits<double>::quiet_NaN();
  for (const double x : values)
    if (std::isfinite(x)) squares += (x - result.mean) * (x - result.mean);
  result.deviation = result.n > 1 ? std::sqrt(squares / (result.n - 1)) : 0;
  return result;
}

Comparison compare_pairs(std::span<const double> treatment, std::span<const double> reference,
                         double level) {
  const int n = static_cast<int>(std::min(treatment.size(), reference.size()));
  Comparison result{.n = n, .deviation = nan, .low = nan, .high = nan, .p = nan, .visible = nan};
  if (n == 0) return result;
  double largest = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    result.mean += (treatment[i] - reference[i]) / n;
    largest = std::max({largest, std::abs(treatment[i]), std::abs(reference[i])});
  }
  if (n == 1) return result;
  for (int i = 0; i < n; ++i)
    squares += std::pow(treatment[i] - reference[i] - result.mean, 2) / (n - 1);
  result.deviation = std::sqrt(squares);
  // equal differences differ by rounding
  if (result.deviation <= 1e-12 * largest) result.deviation = 0;
  const double error = result.deviation / std::sqrt(n), bound = student_bound(0.95, n - 1);
  result.low = result.mean - bound * error;
  result.high = result.mean + bound * error;
  // t_0.8: 60 % lie within ± it
  result.visible = (student_bound(1 - level, n - 1) + student_bound(0.6, n - 1)) * error;
  if (error > 0) {
    result.p = std::clamp(1 - student_within(std::abs(result.mean) / error, n - 1), 0.0, 1.0);
  } else {
    result.p = std::abs(result.mean) <= 1e-12 * largest ? 1 : std::pow(2.0, 1 - n);
  }
  return result;
}

double student_within(double t, int freedom) {
  const double angle = std::atan(t / std::sqrt(freedom)), cosine = std::cos(angle);
  const bool odd = freedom % 2 == 1;
  // odd: cos + 2/3 cos³ + (2·4)/(3·5) cos⁵ …; even: 1 + 1/2 cos² + (1·3)/(2·4) cos⁴ …
  double term = odd ? cosine : 1, sum = 0;
  for (int k = odd ? 1 : 0; k <= freedom - 2; k += 2) {
    sum += term;
    term *= cosine * cosine * (k + 1) / (k + 2);
  }
  return odd ? (angle + std::sin(angle) * sum) * 2 / std::numbers::pi : std::sin(angle) * sum;
}

double student_bound(double share, int freedom) {
  double low = 0, high = 1;
  while (student_within(high, freedom) < share) high *= 2;
  for (double middle = high / 2; low < middle && middle < high; middle = (low + high) / 2)
    (student_within(middle, freedom) < share ? low : high) = middle;
  return high;
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> corrected(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto others = static_cast<double>(p.size() - rank);
    largest = std::max(largest, std::min(1.0, others * p[order[rank]]));
    corrected[order[rank]] = largest;
  }
  return corrected;
}
}  // namespace temper::lab
