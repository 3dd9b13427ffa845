// Parallel loops whose results do not depend on the number of threads.
#pragma once

#include <array>

#include "vectors.h"

namespace temper {
// Below about this much work (measured in cheap operations) a fork costs more than it saves.
inline constexpr std::size_t parallel_threshold = 1 << 15;

// The threads of a parallel loop: as many as OpenMP says, and one without it. In a child of fork()
// one, too, since OpenMP's threads stay behind in its parent.
int thread_count();

// Calls run(task, i) for every i below n, in parallel: each thread a range of them, or what is
// next. An exception on any thread, the first of several, is thrown when all have ended.
void run_parallel(std::ptrdiff_t n, void (*run)(const void* task, std::ptrdiff_t i),
                  const void* task, bool in_ranges = true);
template <class Task>
void run_parallel(std::ptrdiff_t n, const Task& task, bool in_ranges = true) {
  const auto run = [](const void* t, std::ptrdiff_t i) { (*static_cast<const Task*>(t))(i); };
  run_parallel(n, run, &task, in_ranges);
}

// Calls f(begin, end) for blocks of the given size, in parallel if there are at least two threads'
// worth of work; `work` is the cost of one index in cheap operations.
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
    run_parallel(blocks, run);
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
