// Says what temper finds on this machine. For bug reports and for ./run.
//   about                 version, BLAS, threads, and where the data sets are that are here
//   about --datasets      a line for each data set that the programs know: its name, its title and
//                         whether it is built in or read from files, with tabs between them
//   about --find mnist    the folder of a data set, or an error
#include <temper.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/known_datasets.h"
#include "common/machine.h"
#include "common/run_app.h"

using namespace temper;

namespace {
void print_everything() {
  std::printf("temper %s\n", TEMPER_VERSION);
  print_machine();
  std::string missing;
  for (const MnistKind& known : known_datasets()) {
    if (is_built_in(known)) continue;
    try {
      std::printf("%s: %s\n", known.name.data(), find_mnist(known.name).c_str());
    } catch (const std::runtime_error&) {
      missing += to_string(missing.empty() ? "" : ", ", known.name);
    }
  }
  if (!missing.empty()) std::printf("not found: %s\n", missing.c_str());
}

void print_datasets() {
  for (const MnistKind& known : known_datasets())
    std::printf("%s\t%s\t%s\n", known.name.data(), known.title.data(),
                is_built_in(known) ? "built in" : "files");
}
}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty()) return run_app(print_everything);
  if (arguments.size() == 1 && arguments[0] == "--datasets") return run_app(print_datasets);
  if (arguments.size() == 2 && arguments[0] == "--find")
    return run_app([&] { std::printf("%s\n", find_mnist(arguments[1]).c_str()); });
  std::fprintf(stderr, "usage: about [--datasets | --find DATASET]\n");
  return 2;
}
