// One walk through a folder finds the files, whatever an archive made of their names.
#include "mnist.h"

#include <cstdlib>
#include <future>
#include <map>
#include <regex>

#include "idx.h"

namespace temper {
namespace {
namespace fs = std::filesystem;

// Where a data set is, and what it is called, if anything.
using Place = std::pair<fs::path, const MnistKind*>;
using Found = std::map<Place, std::array<fs::path, 4>>;

// The last name of a path without what differs between archives: "fashionmnist".
std::string plain(const fs::path& path) {
  std::string text;
  for (const char c : path.filename().string())
    if (c != '-' && c != '_')
      text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

const MnistKind* called(const fs::path& path) {
  for (const MnistKind& kind : mnist_kinds())
    if (plain(kind.name) == plain(path)) return &kind;
  return nullptr;
}

// Adds what a folder holds, and so many folders below it that are called as archives call them.
void collect(const fs::path& folder, const Place& place, int depth, Found& found) {
  static const std::regex file_name(
      "(.*)(train|t10k|test)(images|labels)\\.?idx[123]\\.?(ubyte|int)(\\.gz)?");
  std::error_code none;
  const auto order = [&none](const fs::path& file) {  // empty files last, and links to nowhere
    return std::pair(fs::file_size(file, none) == 0 || none, file);
  };
  for (const fs::path& path : fs::directory_iterator(folder, none)) {
    const std::string name = plain(path);
    std::smatch part;
    const bool is_part = std::regex_match(name, part, file_name);
    const MnistKind* kind = called(is_part ? part[1].str() : name);
    if (fs::is_directory(path, none)) {
      if (depth > 0 && (is_part || kind || name == "raw" || name == "gzip" || name == "emnist"))
        collect(path, is_part ? place : Place(path, kind ? kind : place.second), depth - 1, found);
    } else if (is_part && (kind || part[1] == "")) {
      auto& files = found[{place.first, kind ? kind : place.second}];
      fs::path& best = files[2 * (part[2] != "train") + (part[3] == "labels")];
      if (best.empty() || order(path) < order(best)) best = path;
    }
  }
}

Dataset load(const MnistFolder& found, bool test, Shape sample) {
  const fs::path &images = found.files[2 * test], &labels = found.files[2 * test + 1];
  if (images.empty() || labels.empty())
    fail<std::runtime_error>(found.string(), ": no ", test ? "t10k-" : "train-",
                             images.empty() ? "images-idx3-ubyte" : "labels-idx1-ubyte");
  Dataset data = load_idx(images, labels, found.kind.classes, found.kind.first_label);
  if (data.sample != Shape{28, 28})
    fail<std::runtime_error>(images.string(), ": images ", data.sample, ", expected [28, 28]");
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

const std::vector<MnistKind>& mnist_kinds() {
  constexpr const char* nist = "https://www.nist.gov/itl/products-and-services/emnist-dataset";
  static const std::vector<MnistKind> table = {
      {"mnist", "MNIST", "./run data mnist"},
      {"fashion-mnist", "Fashion-MNIST", "./run data fashion-mnist"},
      {"kmnist", "Kuzushiji-MNIST", "http://codh.rois.ac.jp/kmnist"},
      {"qmnist", "QMNIST", "https://github.com/facebookresearch/qmnist"},
      {"emnist-letters", "EMNIST letters", nist, 26, 1, true},
      {"emnist-balanced", "EMNIST balanced", nist, 47, 0, true},
      {"emnist-bymerge", "EMNIST by merge", nist, 47, 0, true},
      {"emnist-byclass", "EMNIST by class", nist, 62, 0, true},
      {"emnist-digits", "EMNIST digits", nist, 10, 0, true},
      {"emnist-mnist", "EMNIST MNIST", nist, 10, 0, true}};
  return table;
}

MnistFolder find_mnist(const std::string& name, const fs::path& hint) {
  const MnistKind* asked = called(name);
  if (!asked) fail<std::runtime_error>(name, ": no data set that mnist_kinds() knows");
  std::string looked;
  for (const fs::path& place : hint.empty() ? usual_places() : std::vector{hint}) {
    if (place.empty()) continue;
    const fs::path whole = fs::absolute(place / "").lexically_normal();  // of "." and "mnist/", too
    Found found;
    collect(place, {place, called(whole.parent_path())}, 3, found);
    looked += (looked.empty() ? "" : ", ") + place.string();
    for (const bool named : {true, false})
      for (const auto& [at, files] : found)
        if (at.second == (named ? asked : nullptr) &&
            (named || !hint.empty() || asked->name == "mnist"))
          return {at.first, *asked, files};
    for (const auto& [at, files] : found) {
      if (found.size() == 1 && at.first == hint) return {hint, *at.second, files};
      if (at.second) looked += " (there is " + at.second->name + ")";
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

Mnist load_mnist(const fs::path& folder, Shape sample) {
  return load_mnist(find_mnist("mnist", folder), sample);
}
}  // namespace temper
