// What OpenBLAS says of itself, and advice where it chose badly.
#include "machine.h"

#include <temper.h>

#include <cstdio>
#include <string>

namespace temper {

namespace {
// The variable that makes OpenBLAS use faster kernels, with its value; empty if it chose well.
std::string faster_kernels(const std::string& blas) {
#if defined(__x86_64__) && defined(__GNUC__)
  for (const char* old : {"Prescott", "Core2", "Nehalem", "Sandybridge", "Barcelona", "Generic"}) {
    if (blas.find(std::string(old) + " kernels") != std::string::npos &&
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
      return std::string("OPENBLAS_CORETYPE=") +
             (__builtin_cpu_supports("avx512vl") ? "SkylakeX" : "Haswell");
    }
  }
#endif
  return {};
}
}  // namespace

void print_machine() {
  const std::string blas = blas_description(), variable = faster_kernels(blas);
  std::printf("%s\n", blas.c_str());
  if (!variable.empty())
    std::printf("advice: this OpenBLAS does not know the processor and uses slow kernels; set %s\n",
                variable.c_str());
}
}  // namespace temper
