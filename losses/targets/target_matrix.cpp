// Target matrices, and labels drawn or chosen by them.
#include "target_matrix.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "../../core/random.h"
#include "../distribution.h"

namespace temper {

namespace {
// (1 - off) I
std::vector<Real> diagonal(const char* op, int classes, const char* name, double off) {
  require(classes > 1, op, ": at least 2 classes are needed, got ", classes);
  require(off >= 0 && off <= 1, op, ": ", name, " must be in [0, 1], got ", off);
  const auto n = static_cast<std::size_t>(classes);
  std::vector<Real> matrix(n * n);
  for (std::size_t y = 0; y < n; ++y) matrix[y * (n + 1)] = static_cast<Real>(1 - off);
  return matrix;
}

// Label y becomes to(y) with probability `rate`, unless that is y.
template <class To>
std::vector<Real> flips(const char* op, int classes, double rate, To to) {
  std::vector<Real> matrix = diagonal(op, classes, "rate", rate);
  const auto n = static_cast<std::size_t>(classes);
  for (std::size_t y = 0; y < n; ++y)
    matrix[y * n + to(y)] = to(y) == y ? 1 : static_cast<Real>(rate);
  return matrix;
}
}  // namespace

std::vector<Real> smoothing_matrix(int classes, double smoothing, std::span<const Real> prior) {
  constexpr const char* op = "smoothing_matrix";
  std::vector<Real> matrix = diagonal(op, classes, "smoothing", smoothing);
  const auto n = static_cast<std::size_t>(classes);
  require(prior.empty() || prior.size() == n, op, ": the prior has ", prior.size(),
          " entries, expected ", n);
  if (!prior.empty() && !is_distribution(prior)) fail_target(op, "the prior", prior.data(), n);
  for (std::size_t i = 0; i < matrix.size(); ++i)
    matrix[i] += static_cast<Real>(smoothing * (prior.empty() ? 1.0 / classes : prior[i % n]));
  return matrix;
}

std::vector<Real> symmetric_noise(int classes, double rate) {
  std::vector<Real> matrix = diagonal("symmetric_noise", classes, "rate", rate);
  for (std::size_t i = 0; i < matrix.size(); ++i)
    if (i % (static_cast<std::size_t>(classes) + 1) != 0)
      matrix[i] = static_cast<Real>(rate / (classes - 1));
  return matrix;
}

std::vector<Real> pair_noise(int classes, double rate) {
  return flips("pair_noise", classes, rate,
               [n = static_cast<std::size_t>(classes)](std::size_t y) { return (y + 1) % n; });
}

std::vector<Real> mnist_noise(double rate) {
  return flips("mnist_noise", 10, rate, [](std::size_t y) {
    return std::array<std::size_t, 10>{0, 1, 7, 8, 4, 6, 5, 1, 8, 9}[y];
  });
}

std::vector<int> corrupt_labels(Labels labels, std::span<const Real> matrix, std::uint64_t seed) {
  constexpr const char* op = "corrupt_labels";
  const auto classes =
      static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(matrix.size()))));
  check_matrix(op, matrix, classes);
  check_labels(op, labels, static_cast<int>(classes));
  Rng rng(seed);  // its i-th number is for label i
  std::vector<int> result;
  result.reserve(labels.size());
  for (const int label : labels) {
    const auto row = matrix.subspan(static_cast<std::size_t>(label) * classes, classes);
    double left = rng.uniform();
    std::size_t drawn = 0;
    for (std::size_t c = 0; c < classes && left >= 0; left -= static_cast<double>(row[c++]))
      if (row[c] > 0) drawn = c;  // the last one if the sum is a little less than 1
    result.push_back(static_cast<int>(drawn));
  }
  return result;
}

std::vector<int> long_tail(Labels labels, int classes, double ratio, std::uint64_t seed) {
  constexpr const char* op = "long_tail";
  require(classes > 1, op, ": at least 2 classes are needed, got ", classes);
  require(ratio >= 1 && std::isfinite(ratio), op, ": ratio must be finite and >= 1, got ", ratio);
  check_labels(op, labels, classes);
  std::vector<std::vector<int>> samples(static_cast<std::size_t>(classes));
  for (std::size_t i = 0; i < labels.size(); ++i)
    samples[static_cast<std::size_t>(labels[i])].push_back(static_cast<int>(i));
  const auto rarest = std::ranges::min_element(samples, {}, std::ranges::size);
  const auto most = static_cast<double>(rarest->size());
  require(most >= ratio, op, ": class ", rarest - samples.begin(), " has ", most,
          " samples, too few for a ratio of ", ratio);
  Rng rng(seed);
  std::vector<int> kept;
  for (int c = 0; c < classes; ++c) {
    std::vector<int>& of_class = samples[static_cast<std::size_t>(c)];
    rng.shuffle(std::span(of_class));
    const double share = std::pow(ratio, -static_cast<double>(c) / (classes - 1));
    kept.insert(kept.end(), of_class.begin(), of_class.begin() + std::lround(most * share));
  }
  std::ranges::sort(kept);
  return kept;
}
}  // namespace temper
