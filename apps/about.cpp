// Says what temper finds on this machine: version, BLAS, threads, data. For bug reports and for
// ./run.
#include <cstdio>

#include "common.h"

int main(int argc, char** argv) {
  using namespace temper;
  CLI::App options("What temper finds on this machine.");
  std::string wanted;
  options.add_option("--find", wanted,
                     "Print the folder of this data set, or fail (mnist, fashion-mnist)");
  CLI11_PARSE(options, argc, argv);
  if (!wanted.empty()) {
    return run_app([&] { std::printf("%s\n", find_mnist(wanted).c_str()); });
  }
  std::printf("temper %s\n", TEMPER_VERSION);
  print_machine();
  for (const char* name : {"mnist", "fashion-mnist"}) {
    try {
      std::printf("%s: %s\n", name, find_mnist(name).c_str());
    } catch (const std::runtime_error& error) {
      std::printf("%s\n", error.what());
    }
  }
}
