#include "mnist.h"

#include <cstdlib>
#include <future>
#include <map>
#include <regex>

#include "idx.h"

namespace temper {
namespace {
namespace fs = std::filesystem;

// Where a data set is, and what it is. Of two the deeper one comes first: its folder says more.
using Place = std::pair<fs::path, const MnistKind*>;
using Found = std::map<Place, std::array<fs::path, 4>, std::greater<>>;

// The last name of a path without what differs between archives: "fashionmnist".
std::string plain(const fs::path& path) {
  std::string text;
  for (const char c : path.filename().string())
    if (c != '-' && c != '_') text += std::tolower(c, std::locale::classic());
  return text;
}

const MnistKind* called(const fs::path& path) {
  for (const MnistKind& kind : mnist_kinds)
    if (plain(kind.name) == plain(path)) return &kind;
  return nullptr;
}

// Adds what a folder holds, and so many folders below it that are called as archives call them.
void collect(const fs::path& folder, const Place& place, int depth, Found& found) {
  static const std::regex pattern("(.*)(train|t10k|test)(images|labels).?idx..?(ubyte|int)(.gz)?");
  std::error_code none;
  const auto rank = [&](const fs::path& p) { return std::pair(fs::is_empty(p, none), p); };
  for (const fs::path& path : fs::directory_iterator(folder, none)) {
    const std::string name = plain(path);
    std::smatch part;
    const bool is_part = std::regex_match(name, part, pattern);
    const MnistKind* kind = called(is_part ? part[1].str() : name);
    const Place here(is_part ? place.first : path, kind ? kind : place.second);
    if (fs::is_directory(path, none)) {
      if (depth > 0 && (is_part || kind || name == "raw" || name == "gzip" || name == "emnist"))
        collect(path, here, depth - 1, found);
    } else if (is_part && (kind || part[1] == "")) {
      fs::path& best = found[here][2 * (part[2] != "train") + (part[3] == "labels")];
      if (best.empty() || rank(path) < rank(best)) best = path;
    }
  }
}

Dataset load(const MnistFolder& found, bool test, Shape sample) {
  const fs::path &images = found.files[2 * test], &labels = found.files[2 * test + 1];
  if (images.empty() || labels.empty())
    fail<std::runtime_error>(found.string(), ": no ", images.empty() ? "images" : "labels",
                             test ? " to test" : " to train");
  Dataset data = load_idx(images, labels, found.kind.classes, found.kind.first_label);
  if (data.sample != Shape{28, 28} || data.bytes.empty())
    fail<std::runtime_error>(images.string(), ": images ", data.sample, ", not [28, 28] bytes");
  for (std::size_t i = 0; found.kind.transposed && i < data.bytes.size(); ++i)
    if (const std::size_t y = i / 28 % 28, x = i % 28; x < y)
      std::swap(data.bytes[i], data.bytes[i + 27 * x - 27 * y]);
  data.sample = sample;
  return data;
}

std::vector<fs::path> usual_places() {
  const auto in = [](const char* variable, const char* folder) {  // empty: no such variable
    const char* value = std::getenv(variable);
    return value == nullptr || *value == 0 ? fs::path() : fs::path(value + std::string(folder));
  };
  const fs::path cache = in("XDG_CACHE_HOME", "/temper"), home = in("HOME", "/.cache/temper");
  return {in("TEMPER_DATA", ""), "data", cache.empty() ? home : cache, "/usr/share/datasets"};
}
}  // namespace

MnistFolder find_mnist(std::string_view name, const fs::path& hint) {
  const MnistKind* asked = called(name);
  if (!asked) fail<std::runtime_error>(name, ": no data set of mnist_kinds");
  std::string looked;
  for (const fs::path& place : hint.empty() ? usual_places() : std::vector{hint}) {
    if (place.empty()) continue;
    const MnistKind* kind = called(fs::absolute(place / "").lexically_normal().parent_path());
    if (!kind) kind = hint.empty() ? mnist_kinds : asked;  // what a folder of no name is taken for
    Found found;
    collect(place, {place, kind}, 3, found);
    looked += (looked.empty() ? "" : ", ") + place.string();
    for (const auto& [at, files] : found) {
      if (at.second == asked || (found.size() == 1 && at.first == hint))
        return {at.first, *at.second, files};
      looked += to_string(" (there is ", at.second->name, ")");
    }
  }
  fail<std::runtime_error>(name, ": not found in ", looked, "; to get it: ", asked->source);
}

Mnist load_mnist(const MnistFolder& found, Shape sample) {
  require(sample.size() == 784, "load_mnist: an image of 28 x 28 is no sample of ", sample);
  // gzip can only be inflated from front to back, so only whole files can be read side by side.
  auto test = std::async(std::launch::async, [&] { return load(found, true, sample); });
  return {load(found, false, sample), test.get()};
}
}  // namespace temper
