// What a program says first: on which BLAS and with how many threads it computes.
#pragma once

namespace temper {
// Prints the version of OpenBLAS, its kernels and the number of threads. Where OpenBLAS is older
// than the processor and chose slow kernels, a second line says which variable sets faster ones.
void print_machine();
}  // namespace temper
