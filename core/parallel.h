// Parallel loops whose results do not depend on the number of threads.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "real.h"

// Compiles a function for several widths of vectors and picks one when the program starts. For GCC
// on x86-64 only; sanitizers do not go together with it.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define TEMPER_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define TEMPER_CLONES
#endif

namespace temper {
// Below about this much work (measured in cheap operations) a fork costs more than it saves.
inline constexpr std::size_t parallel_threshold = 1 << 15;

// Calls f(i) for every i of a range.
template <class F>
TEMPER_CLONES void run_range(std::size_t begin, std::size_t end, F f) {
#pragma omp simd
  for (std::size_t i = begin; i < end; ++i) f(i);
}

// Calls f(r, i) for every i of a range in every row r, one row after the other.
template <class F>
TEMPER_CLONES void run_rows(std::size_t rows, std::size_t begin, std::size_t end, F f) {
  for (std::size_t r = 0; r < rows; ++r) {
#pragma omp simd
    for (std::size_t i = begin; i < end; ++i) f(r, i);
  }
}

// Calls f(begin, end) for blocks of the given size, in parallel if there are at least two threads'
// worth of work; `work` is the cost of one index in cheap operations. f must not throw.
template <class F>
void for_each_block(std::size_t n, std::size_t block, std::size_t work, F f) {
  const auto blocks = static_cast<std::ptrdiff_t>((n + block - 1) / block);
  const auto run = [&](std::ptrdiff_t b) {
    const std::size_t begin = static_cast<std::size_t>(b) * block;
    f(begin, std::min(begin + block, n));
  };
  if (blocks < 2 || n * work < parallel_threshold) {
    for (std::ptrdiff_t b = 0; b < blocks; ++b) run(b);
  } else {
#pragma omp parallel for schedule(static)
    for (std::ptrdiff_t b = 0; b < blocks; ++b) run(b);
  }
}

// Calls f(r) for every r below n, in blocks that are worth a thread; `work` is the cost of one row.
template <class F>
void for_each_row(std::size_t n, std::size_t work, F f) {
  for_each_block(n, 1 + 8191 / std::max<std::size_t>(work, 1), work,
                 [=](std::size_t begin, std::size_t end) {
                   for (std::size_t r = begin; r < end; ++r) f(r);
                 });
}

// Calls f(i) for every i below n, vectorised and in parallel; the calls must be independent.
template <class F>
void for_each_index(std::size_t n, F f) {
  for_each_block(n, 4096, 1, [=](std::size_t begin, std::size_t end) { run_range(begin, end, f); });
}

// sums[i] += Σ f(r, i) over all rows r, in their order, for every column i.
template <class F>
void sum_rows(std::size_t rows, std::size_t columns, Real* sums, F f) {
  const std::size_t block = std::max<std::size_t>(128, 8192 / std::max<std::size_t>(rows, 1));
  for_each_block(columns, block, rows, [=](std::size_t begin, std::size_t end) {
    run_rows(rows, begin, end, [=](auto r, auto i) { sums[i] += f(r, i); });
  });
}

// The sum of f(i) over a range, in the type of f(i) and in 16 lanes that are added up as a tree: a
// fixed order that vectorises.
template <class F>
TEMPER_CLONES auto sum_range(std::size_t begin, std::size_t end, F f) {
  constexpr std::size_t lanes = 16;
  decltype(f(begin)) lane[lanes] = {};
  std::size_t i = begin;
  for (; i + lanes <= end; i += lanes) {
#pragma omp simd
    for (std::size_t l = 0; l < lanes; ++l) lane[l] += f(i + l);
  }
  for (std::size_t l = 0; i < end; ++i, ++l) lane[l] += f(i);
  for (std::size_t width = lanes / 2; width > 0; width /= 2)
    for (std::size_t l = 0; l < width; ++l) lane[l] += lane[l + width];
  return lane[0];
}

// The largest f(i) of a range, -inf if it is empty; a NaN is passed over.
template <class F>
TEMPER_CLONES Real max_range(std::size_t begin, std::size_t end, F f) {
  constexpr std::size_t lanes = 16;
  Real lane[lanes];
  std::fill_n(lane, lanes, -std::numeric_limits<Real>::infinity());
  std::size_t i = begin;
  for (; i + lanes <= end; i += lanes) {
#pragma omp simd
    for (std::size_t l = 0; l < lanes; ++l) lane[l] = f(i + l) > lane[l] ? f(i + l) : lane[l];
  }
  for (; i < end; ++i) lane[0] = f(i) > lane[0] ? f(i) : lane[0];
  return *std::max_element(lane, lane + lanes);
}

// The sum of f(i) for every i below n. Blocks are fixed by n alone and added in order, in double.
template <class F>
double parallel_sum(std::size_t n, F f) {
  constexpr std::size_t most_blocks = 256;
  const std::size_t block = std::max<std::size_t>(1024, (n + most_blocks - 1) / most_blocks);
  std::array<double, most_blocks> partial{};
  for_each_block(n, block, 1, [&partial, block, f](std::size_t begin, std::size_t end) {
    partial[begin / block] = static_cast<double>(sum_range(begin, end, f));
  });
  double total = 0;
  for (std::size_t b = 0; b * block < n; ++b) total += partial[b];
  return total;
}
}  // namespace temper
