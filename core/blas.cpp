#include "blas.h"

#include <cblas.h>
#include <omp.h>

#include <algorithm>
#include <atomic>

namespace temper {
static std::atomic<std::int64_t> multiply_adds = 0;

// The columns (or rows) of C that one tile computes; by the shape alone, never by the thread count.
// An even number of tiles, since two threads would wait for the last one of three.
static int tile_size(double products, int side) {
  if (products <= (1 << 18)) return side;
  constexpr int usual = 256, vector = 16;
  const int tiles = 2 * ((side + 2 * usual - 1) / (2 * usual)), tile = (side + tiles - 1) / tiles;
  return tile < 4 * vector ? tile : (tile + vector - 1) / vector * vector;
}

// C[row: +rows, col: +cols] += A B on this thread
static void multiply_tile(const Matrix& a, const Matrix& b, const Matrix& c, int row, int col,
                          int rows, int cols) {
  const int k = a.cols;
  if (rows == 0 || cols == 0 || k == 0) return;
  count_multiply_adds(std::int64_t{rows} * cols * k);
  const int lda = a.transposed ? a.rows : a.cols;
  const int ldb = b.transposed ? b.rows : b.cols;
  const Real* first_a = a.data + static_cast<std::ptrdiff_t>(row) * (a.transposed ? 1 : lda);
  const Real* first_b = b.data + static_cast<std::ptrdiff_t>(col) * (b.transposed ? ldb : 1);
  Real* first_c = c.data + static_cast<std::ptrdiff_t>(row) * c.cols + col;
  const auto flag = [](const Matrix& m) { return m.transposed ? CblasTrans : CblasNoTrans; };
  const auto gemm = [] {
    if constexpr (sizeof(Real) == sizeof(double))
      return cblas_dgemm;
    else
      return cblas_sgemm;
  }();
  const int threads = omp_get_max_threads();
  omp_set_num_threads(1);  // OpenBLAS's OpenMP build asks for it and computes on this thread alone
  gemm(CblasRowMajor, flag(a), flag(b), rows, cols, k, 1, first_a, lda, first_b, ldb, 1, first_c,
       c.cols);
  omp_set_num_threads(threads);
}

static void check(const Matrix& a, const Matrix& b, const Matrix& c) {
  require(a.cols == b.rows && a.rows == c.rows && b.cols == c.cols, "multiply: [", a.rows, ", ",
          a.cols, "] times [", b.rows, ", ", b.cols, "] does not give [", c.rows, ", ", c.cols,
          "]");
  // The pthread build asks nobody; it is told once. (In the OpenMP build the same call would set
  // the whole program to one thread.)
  [[maybe_unused]] static const bool told = [] {
    if (openblas_get_parallel() == OPENBLAS_THREAD) openblas_set_num_threads(1);
    return true;
  }();
}

static Matrix matrix(Real* data, const Shape& shape) {
  require(std::max(shape.rows(), shape.columns()) <= (1u << 31) - 512, "multiply: ", shape,
          " as a matrix has more than 2^31 - 512 rows or columns");
  return {data, static_cast<int>(shape.rows()), static_cast<int>(shape.columns()), false};
}
Matrix value(const Tensor& t) { return matrix(t.data, t.shape); }
Matrix gradient(const Tensor& t) { return matrix(t.grad, t.shape); }

void multiply_add(Matrix a, Matrix b, Matrix c) {
  if (c.transposed) return multiply_add(transpose(b), transpose(a), transpose(c));
  check(a, b, c);
  const bool wide = c.cols > c.rows;  // rows of C are next to each other in memory
  const int side = wide ? c.cols : c.rows;
  const int tile = tile_size(static_cast<double>(c.rows) * c.cols * a.cols, side);
  const int tiles = side == 0 ? 0 : (side + tile - 1) / tile;
  const auto run = [&](int t) {
    const int begin = t * tile, length = std::min(tile, side - begin);
    if (wide)
      multiply_tile(a, b, c, 0, begin, c.rows, length);
    else
      multiply_tile(a, b, c, begin, 0, length, c.cols);
  };
  if (tiles == 1) return run(0);
#pragma omp parallel for schedule(dynamic)
  for (int t = 0; t < tiles; ++t) run(t);
}

void multiply_add_alone(Matrix a, Matrix b, Matrix c) {
  check(a, b, c);
  multiply_tile(a, b, c, 0, 0, c.rows, c.cols);
}

void count_multiply_adds(std::int64_t n) { multiply_adds.fetch_add(n, std::memory_order_relaxed); }

std::int64_t multiply_adds_so_far() { return multiply_adds.load(std::memory_order_relaxed); }

std::string blas_description() {
  std::string config = openblas_get_config();  // "OpenBLAS 0.3.21 NO_LAPACKE …"
  const std::size_t version_end = config.find(' ', config.find(' ') + 1);
  const int parallel = openblas_get_parallel();
  const char* build = parallel == OPENBLAS_OPENMP   ? "OpenMP"
                      : parallel == OPENBLAS_THREAD ? "pthread"
                                                    : "serial";
  const int threads = omp_get_max_threads();
  return to_string(config.substr(0, version_end), " (", build, " build, ", openblas_get_corename(),
                   " kernels), ", threads, threads == 1 ? " thread" : " threads");
}
}  // namespace temper
