#include "blas.h"

#include <cblas.h>
#include <dlfcn.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "parallel.h"

#ifdef TEMPER_ANY_BLAS  // what the linker finds may be OpenBLAS all the same
extern "C" {
[[gnu::weak]] int openblas_get_parallel(void);
[[gnu::weak]] int openblas_get_num_threads(void);
[[gnu::weak]] void openblas_set_num_threads(int);
[[gnu::weak]] char* openblas_get_config(void);
[[gnu::weak]] char* openblas_get_corename(void);
}
static const bool is_openblas = &openblas_get_parallel != nullptr;
#else
static constexpr bool is_openblas = true;
#endif
enum { serial = 0, pthreads = 1, openmp = 2 };  // as openblas_get_parallel() says

namespace temper {
static std::atomic<std::int64_t> multiply_adds = 0;

static int build() {
  static const int found = is_openblas ? openblas_get_parallel() : serial;
  return found;
}

// Whether the number of threads is a setting of the process: that is what the pthread build asks.
// The OpenMP build asks OpenMP, which temper may not have.
static bool set_by_process() {
#ifdef _OPENMP
  return build() == pthreads;
#else
  return build() != serial;
#endif
}

static std::mutex setting;
static int users = 0, found = 1;          // who wants it to be one, and what it was before them
[[maybe_unused]] static const int told =  // a child of fork() has no users
    pthread_atfork([] { setting.lock(); }, [] { setting.unlock(); },
                   [] {
                     if (users > 0) openblas_set_num_threads(found);
                     users = 0;
                     setting.unlock();
                   });

OneBlasThread::OneBlasThread() {
  if (!set_by_process()) return;
  const std::lock_guard lock(setting);
  if (users++ == 0) found = openblas_get_num_threads();
  if (found != 1) openblas_set_num_threads(1);
}

OneBlasThread::~OneBlasThread() {
  if (!set_by_process()) return;
  const std::lock_guard lock(setting);
  if (--users == 0 && found != 1 && openblas_get_num_threads() == 1)
    openblas_set_num_threads(found);
}

// Another thread of the program may have set it since.
static void keep_one_thread() {
  if (!set_by_process() || openblas_get_num_threads() == 1) return;
  const std::lock_guard lock(setting);
  if (const int now = openblas_get_num_threads(); now != 1) found = now;
  openblas_set_num_threads(1);
}

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
  keep_one_thread();
#ifdef _OPENMP
  const int usual = omp_get_max_threads();
  omp_set_num_threads(1);  // OpenBLAS's OpenMP build asks for it and computes on this thread alone
#endif
  gemm(CblasRowMajor, flag(a), flag(b), rows, cols, k, 1, first_a, lda, first_b, ldb, 1, first_c,
       c.cols);
#ifdef _OPENMP
  omp_set_num_threads(usual);
#endif
}

static void check(const Matrix& a, const Matrix& b, const Matrix& c) {
  require(a.cols == b.rows && a.rows == c.rows && b.cols == c.cols, "multiply: [", a.rows, ", ",
          a.cols, "] times [", b.rows, ", ", b.cols, "] does not give [", c.rows, ", ", c.cols,
          "]");
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
  const auto run = [&](std::ptrdiff_t t) {
    const int begin = static_cast<int>(t) * tile, length = std::min(tile, side - begin);
    if (wide)
      multiply_tile(a, b, c, 0, begin, c.rows, length);
    else
      multiply_tile(a, b, c, begin, 0, length, c.cols);
  };
  const OneBlasThread one;
  if (tiles == 1) return run(0);
  run_parallel(tiles, run, false);
}

void multiply_add_alone(Matrix a, Matrix b, Matrix c) {
  check(a, b, c);
  multiply_tile(a, b, c, 0, 0, c.rows, c.cols);
}

void count_multiply_adds(std::int64_t n) { multiply_adds.fetch_add(n, std::memory_order_relaxed); }

std::int64_t multiply_adds_so_far() { return multiply_adds.load(std::memory_order_relaxed); }

std::string blas_description() {
  const int n = thread_count();
  const std::string count = to_string(", ", n, n == 1 ? " thread" : " threads");
  if (!is_openblas) {
    Dl_info info{};
    dladdr(reinterpret_cast<void*>(&cblas_sgemm), &info);
    const std::filesystem::path file = info.dli_fname == nullptr ? "?" : info.dli_fname;
    return to_string("BLAS of ", file.filename().string(), count);
  }
  const std::string config = openblas_get_config();  // "OpenBLAS 0.3.21 NO_LAPACKE …"
  const std::size_t version_end = config.find(' ', config.find(' ') + 1);
  const char* name = build() == openmp ? "OpenMP" : build() == pthreads ? "pthread" : "serial";
  return to_string(config.substr(0, version_end), " (", name, " build, ", openblas_get_corename(),
                   " kernels)", count);
}
}  // namespace temper
