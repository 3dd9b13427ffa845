// The one place where threads are used.
#include "parallel.h"

#include <pthread.h>

#include <atomic>
#include <exception>
#ifdef _OPENMP
#include <omp.h>
#endif

namespace temper {
static std::atomic<bool> forked = false;
[[maybe_unused]] static const int told =
    pthread_atfork(nullptr, nullptr, [] { forked.store(true, std::memory_order_relaxed); });

int thread_count() {
#ifdef _OPENMP
  if (!forked.load(std::memory_order_relaxed)) return omp_get_max_threads();
#endif
  return 1;
}

void run_parallel(std::ptrdiff_t n, void (*run)(const void* task, std::ptrdiff_t i),
                  const void* task, [[maybe_unused]] bool in_ranges) {
  if (thread_count() == 1) {
    for (std::ptrdiff_t i = 0; i < n; ++i) run(task, i);
    return;
  }
#ifdef _OPENMP
  std::exception_ptr error;
  const auto try_to_run = [&](std::ptrdiff_t i) {
    try {
      run(task, i);
    } catch (...) {  // none may leave the loop
#pragma omp critical(temper_error)
      if (!error) error = std::current_exception();
    }
  };
  if (in_ranges) {  // NOLINT(bugprone-branch-clone): the schedules differ
#pragma omp parallel for schedule(static)
    for (std::ptrdiff_t i = 0; i < n; ++i) try_to_run(i);
  } else {
#pragma omp parallel for schedule(dynamic)
    for (std::ptrdiff_t i = 0; i < n; ++i) try_to_run(i);
  }
  if (error) std::rethrow_exception(error);
#endif
}
}  // namespace temper
