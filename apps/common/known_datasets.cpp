// The table of data sets, and how one of them is loaded.
#include "known_datasets.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "digits.h"
#include "stopwatch.h"

namespace temper {
namespace {
// What loading did to the files' labels and images, as the end of a sentence.
std::string changes(const MnistKind& kind) {
  std::string text;
  if (kind.first_label != 0)
    text += to_string("; labels ", kind.first_label, " to ", kind.first_label + kind.classes - 1,
                      " became 0 to ", kind.classes - 1);
  if (kind.transposed) text += "; images, stored column by column, were transposed";
  return text;
}
}  // namespace

const std::vector<MnistKind>& known_datasets() {
  static const std::vector<MnistKind> table = [] {
    std::vector<MnistKind> all(std::begin(mnist_kinds), std::end(mnist_kinds));
    all.push_back({.name = "digits", .title = "digits", .source = "built in"});
    return all;
  }();
  return table;
}

bool is_built_in(const MnistKind& kind) { return kind.source == "built in"; }

std::string dataset_title(const std::string& name) {
  const auto kind = std::ranges::find(known_datasets(), name, &MnistKind::name);
  return kind == known_datasets().end() ? name : std::string(kind->title);
}

Mnist load_dataset(const std::string& name, const std::string& folder, Shape sample) {
  const Stopwatch watch;
  Mnist data;
  std::string where = "drawn by temper itself", changed;
  if (name == known_datasets().back().name) {
    if (!folder.empty())
      throw std::runtime_error(name + " are built in: they are not read from " + folder);
    data = built_in_digits(20000, 4000, 1, sample);
  } else {
    const MnistFolder found = find_mnist(name, folder);
    if (found.kind.name != name)
      throw std::runtime_error(found.string() + ": holds " + std::string(found.kind.name) +
                               ", not " + name + "; to take it: --dataset " +
                               std::string(found.kind.name));
    data = load_mnist(found, sample);
    where = "from " + found.string();
    changed = changes(found.kind);
  }
  std::printf("%s: %d training and %d test images, %s (%.2f s)%s\n", name.c_str(),
              data.train.size(), data.test.size(), where.c_str(), watch.seconds(), changed.c_str());
  return data;
}
}  // namespace temper
