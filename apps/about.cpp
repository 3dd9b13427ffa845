// Says what temper finds on this machine: version, BLAS, threads, data. For bug reports and for
// ./run.
//   about          everything
//   about --find mnist    the folder of a data set, or an error
#include <cstdio>
#include <string_view>

#include "common.h"

int main(int argc, char** argv) {
  using namespace temper;
  if (argc == 3 && std::string_view(argv[1]) == "--find")
    return run_app([&] { std::printf("%s\n", find_mnist(argv[2]).c_str()); });
  if (argc > 1) {
    std::fprintf(stderr, "usage: about [--find DATASET]\n");
    return 2;
  }
  return run_app([] {
    std::printf("temper %s\n", TEMPER_VERSION);
    print_machine();
    for (const char* name : {"mnist", "fashion-mnist"}) {
      try {
        std::printf("%s: %s\n", name, find_mnist(name).c_str());
      } catch (const std::runtime_error& error) {
        std::printf("%s\n", error.what());
      }
    }
  });
}
