// The table of data sets, and how one of them is loaded.
#include "known_datasets.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "digits.h"
#include "stopwatch.h"

namespace temper {

namespace {
Mnist draw_digits(const std::filesystem::path& /*folder*/, Shape sample) {
  return built_in_digits(20000, 4000, 1, sample);
}
}  // namespace

const std::vector<KnownDataset>& known_datasets() {
  static const std::vector<KnownDataset> table = {
      {.name = "mnist", .title = "MNIST", .built_in = false, .load = load_mnist},
      {.name = "fashion-mnist", .title = "Fashion-MNIST", .built_in = false, .load = load_mnist},
      {.name = "digits", .title = "digits", .built_in = true, .load = draw_digits},
  };
  return table;
}

Mnist load_dataset(const std::string& name, const std::string& folder, Shape sample) {
  const auto known = std::ranges::find(known_datasets(), name, &KnownDataset::name);
  if (known == known_datasets().end()) throw std::runtime_error(name + ": no such data set");
  if (known->built_in && !folder.empty())
    throw std::runtime_error(name + " are built in: they are not read from " + folder);
  const Stopwatch watch;
  std::filesystem::path found;
  if (!known->built_in) found = find_mnist(name, folder);
  Mnist data = known->load(found, sample);
  const std::string where = known->built_in ? "drawn by temper itself" : "from " + found.string();
  std::printf("%s: %d training and %d test images, %s (%.2f s)\n", name.c_str(), data.train.size(),
              data.test.size(), where.c_str(), watch.seconds());
  return data;
}
}  // namespace temper
