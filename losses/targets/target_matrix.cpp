// Target matrices, and labels drawn by them.
#include "target_matrix.h"

#include "../../core/random.h"
#include "../distribution.h"

namespace temper {
// 1 - off on the diagonal, and the same number elsewhere.
static std::vector<Real> diagonal(const char* op, int classes, const char* name, double off,
                                  double elsewhere = 0) {
  require(classes > 1, op, ": at least 2 classes are needed, got ", classes);
  require(off >= 0 && off <= 1, op, ": ", name, " must be in [0, 1], got ", off);
  const auto n = static_cast<std::size_t>(classes);
  std::vector<Real> matrix(n * n, static_cast<Real>(elsewhere));
  for (std::size_t y = 0; y < n; ++y) matrix[y * (n + 1)] = static_cast<Real>(1 - off);
  return matrix;
}

std::vector<Real> smoothing_matrix(int classes, double smoothing, std::span<const Real> prior) {
  constexpr const char* op = "smoothing_matrix";
  std::vector<Real> matrix = diagonal(op, classes, "smoothing", smoothing);
  const auto n = static_cast<std::size_t>(classes);
  require(prior.empty() || prior.size() == n, op, ": the prior has ", prior.size(),
          " entries, expected ", n);
  if (!prior.empty()) check_distribution(op, prior, "the prior");
  for (std::size_t i = 0; i < matrix.size(); ++i)
    matrix[i] += static_cast<Real>(smoothing * (prior.empty() ? 1.0 / classes : prior[i % n]));
  return matrix;
}

std::vector<Real> symmetric_noise(int classes, double rate) {
  return diagonal("symmetric_noise", classes, "rate", rate, rate / (classes - 1.0));
}

std::vector<Real> pair_noise(int classes, double rate) {
  std::vector<Real> matrix = diagonal("pair_noise", classes, "rate", rate);
  const auto n = static_cast<std::size_t>(classes);
  for (std::size_t y = 0; y < n; ++y) matrix[y * n + (y + 1) % n] = static_cast<Real>(rate);
  return matrix;
}

std::vector<int> corrupt_labels(Labels labels, std::span<const Real> matrix, std::uint64_t seed) {
  constexpr const char* op = "corrupt_labels";
  const auto classes = static_cast<std::size_t>(std::lround(std::sqrt(matrix.size())));
  check_matrix(op, matrix, classes);
  check_labels(op, labels, static_cast<int>(classes));
  Rng rng(seed);  // its i-th number is for label i
  std::vector<int> drawn(labels.begin(), labels.end());
  for (int& label : drawn) {
    const auto row = matrix.subspan(static_cast<std::size_t>(label) * classes, classes);
    double left = rng.uniform();
    label = 0;
    for (std::size_t c = 0; c < classes && left >= 0; left -= static_cast<double>(row[c++]))
      if (row[c] > 0) label = static_cast<int>(c);  // the last if the sum is just below 1
  }
  return drawn;
}
}  // namespace temper
