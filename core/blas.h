// Matrix products. This is the only door to BLAS; everything behind it is a CBLAS on one thread per
// tile, so that temper owns the threads and the result has the same bits at any number of them. Of
// OpenBLAS it sees to that itself; another BLAS that has threads must be told to use one.
#pragma once

#include <string>

#include "tensor.h"

namespace temper {
// A row-major matrix in somebody else's memory, perhaps to be read as its transpose.
struct Matrix {
  Real* data = nullptr;
  int rows = 0, cols = 0;  // as seen: after transposing
  bool transposed = false;
};

Matrix value(const Tensor& t);     // the numbers of a tensor: the last axis gives the columns,
Matrix gradient(const Tensor& t);  // or its gradient; all other axes together give the rows
inline Matrix transpose(Matrix m) { return {m.data, m.cols, m.rows, !m.transposed}; }

void multiply_add(Matrix a, Matrix b, Matrix c);        // C += A B
void multiply_add_alone(Matrix a, Matrix b, Matrix c);  // on this thread; C is not transposed

// While one of these lives, OpenBLAS's pthread build, which has one setting for the whole process,
// is set to one thread; then it is as it was found, or set meanwhile. (What is set in the
// nanoseconds before a product begins gives it other bits.) multiply_add_alone() needs one, the
// other makes it.
class OneBlasThread {
 public:
  OneBlasThread();
  ~OneBlasThread();
  OneBlasThread(const OneBlasThread&) = delete;
  OneBlasThread& operator=(const OneBlasThread&) = delete;
};

// How many multiply-adds these two have done since the program began. Kernels that multiply without
// them count theirs.
std::int64_t multiply_adds_so_far();
void count_multiply_adds(std::int64_t n);

// What is loaded: "OpenBLAS 0.3.21 (OpenMP build, Haswell kernels), 2 threads", or the name of the
// library: "BLAS of libblas.so.3, 2 threads".
std::string blas_description();
}  // namespace temper
