// Vectors: loops that are compiled for several widths of vectors, of which the widest that the
// processor has is taken when the program runs. Sums run in lanes, an order that vectorises and is
// the same at every width.
#pragma once

#include <algorithm>
#include <limits>

#include "real.h"

// Before a loop: its turns are independent, so it shall become vectors. (Not in a program that GCC
// compiles without OpenMP, where this would be unknown.)
#if defined(__clang__)
#define TEMPER_VECTORS _Pragma("clang loop vectorize(assume_safety) unroll(disable)")
#pragma clang diagnostic ignored "-Wpass-failed"  // not all of them can
#elif defined(_OPENMP) || defined(TEMPER_SIMD)
#define TEMPER_VECTORS _Pragma("omp simd")
#else
#define TEMPER_VECTORS
#endif

namespace temper {
#ifdef __x86_64__
#define TEMPER_AVX2 "avx2,fma,bmi,bmi2,f16c,lzcnt,movbe"
#define TEMPER_AVX512 TEMPER_AVX2 ",avx512f,avx512bw,avx512cd,avx512dq,avx512vl"

// What the processor has: bytes of the widest vectors.
inline const int vector_bytes = [] {
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi2");
  const bool avx512 = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl");
  return !avx2 ? 16 : !avx512 ? 32 : 64;
}();

template <class F>
[[gnu::flatten, gnu::target(TEMPER_AVX2)]] auto with_avx2(F f) {
  return f();
}
template <class F>
[[gnu::flatten, gnu::target(TEMPER_AVX512)]] auto with_avx512(F f) {
  return f();
}
#endif

// Calls f(), compiled for the widest vectors: f itself and what the compiler inlines into it. An f
// that captures by value keeps all it needs in registers.
template <class F>
auto vectorized(const F& f) {
#ifdef __x86_64__
  if (vector_bytes == 64) return with_avx512(f);
  if (vector_bytes == 32) return with_avx2(f);
#endif
  return F(f)();
}

// Calls f(i) for every i of a range.
template <class F>
void run_range(std::size_t begin, std::size_t end, const F& f) {
  vectorized([=] {
    TEMPER_VECTORS
    for (std::size_t i = begin; i < end; ++i) f(i);
  });
}

// Calls f(r, i) for every i of a range in every row r, one row after the other.
template <class F>
void run_rows(std::size_t rows, std::size_t begin, std::size_t end, const F& f) {
  vectorized([=] {
    for (std::size_t r = 0; r < rows; ++r) {
      TEMPER_VECTORS
      for (std::size_t i = begin; i < end; ++i) f(r, i);
    }
  });
}

// The sum of f(i) over a range, in the type of f(i) and in 16 lanes that are added up as a tree.
template <class F>
auto sum_range(std::size_t begin, std::size_t end, const F& f) {
  return vectorized([=] {
    constexpr std::size_t lanes = 16;
    decltype(f(begin)) lane[lanes] = {};
    std::size_t i = begin;
    for (; i + lanes <= end; i += lanes) {
      TEMPER_VECTORS
      for (std::size_t l = 0; l < lanes; ++l) lane[l] += f(i + l);
    }
    for (std::size_t l = 0; i < end; ++i, ++l) lane[l] += f(i);
    for (std::size_t width = lanes / 2; width > 0; width /= 2)
      for (std::size_t l = 0; l < width; ++l) lane[l] += lane[l + width];
    return lane[0];
  });
}

// The largest f(i) of a range, -inf if it is empty; a NaN is passed over.
template <class F>
Real max_range(std::size_t begin, std::size_t end, const F& f) {
  return vectorized([=] {
    constexpr std::size_t lanes = 16;
    Real lane[lanes];
    std::fill_n(lane, lanes, -std::numeric_limits<Real>::infinity());
    std::size_t i = begin;
    for (; i + lanes <= end; i += lanes) {
      TEMPER_VECTORS
      for (std::size_t l = 0; l < lanes; ++l) lane[l] = f(i + l) > lane[l] ? f(i + l) : lane[l];
    }
    for (; i < end; ++i) lane[0] = f(i) > lane[0] ? f(i) : lane[0];
    return *std::max_element(lane, lane + lanes);
  });
}
}  // namespace temper
