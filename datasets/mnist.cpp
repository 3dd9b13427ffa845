#include "mnist.h"

#include <cstdlib>
#include <future>

#include "idx.h"

namespace temper {
namespace {
namespace fs = std::filesystem;

// The file of one part, under one of its four names; empty if there is none.
fs::path find_file(const fs::path& folder, const std::string& part) {
  const std::string idx = part.ends_with("images") ? "idx3-ubyte" : "idx1-ubyte";
  for (const std::string& name : {"-" + idx, "-" + idx + ".gz", "." + idx, "." + idx + ".gz"}) {
    std::error_code none;
    if (fs::exists(folder / (part + name), none)) return folder / (part + name);
  }
  return {};
}

bool has_files(const fs::path& folder) {  // load() says which are missing
  constexpr const char* parts[] = {"train-images", "train-labels", "t10k-images", "t10k-labels"};
  return std::ranges::any_of(parts, [&](auto part) { return !find_file(folder, part).empty(); });
}

Dataset load(const fs::path& folder, const std::string& part, Shape sample) {
  const fs::path images_file = find_file(folder, part + "-images");
  const fs::path labels_file = find_file(folder, part + "-labels");
  if (images_file.empty() || labels_file.empty())
    fail<std::runtime_error>(folder.string(), ": no ", part,
                             images_file.empty() ? "-images-idx3-ubyte" : "-labels-idx1-ubyte",
                             " (or with .idx for -idx, or .gz at the end)");
  Dataset data = load_idx(images_file, labels_file, 10);
  if (data.sample != Shape{28, 28})
    fail<std::runtime_error>(images_file.string(), ": images of ", data.sample[0], " x ",
                             data.sample[1], ", expected 28 x 28");
  data.sample = sample;
  return data;
}

std::vector<fs::path> usual_places() {
  const auto in = [](const char* variable, const char* folder) {  // empty: no such variable
    const char* value = std::getenv(variable);
    return value == nullptr || *value == 0 ? fs::path() : fs::path(value + std::string(folder));
  };
  const fs::path cache = in("XDG_CACHE_HOME", "/temper"), home = in("HOME", "/.cache/temper");
  std::vector<fs::path> places = {in("TEMPER_DATA", ""), "data", cache.empty() ? home : cache,
                                  "/usr/share/datasets"};
  std::erase(places, fs::path());
  return places;
}
}  // namespace

Mnist load_mnist(const fs::path& folder, Shape sample) {
  require(sample.size() == 28 * 28, "load_mnist: an image of 28 x 28 does not fit a sample of ",
          sample);
  // gzip can only be inflated from front to back, so only whole files can be read side by side.
  auto test = std::async(std::launch::async, [&] { return load(folder, "t10k", sample); });
  return {load(folder, "train", sample), test.get()};
}

fs::path find_mnist(const std::string& name, const fs::path& hint) {
  std::string looked;
  for (const fs::path& place : hint.empty() ? usual_places() : std::vector{hint}) {
    const fs::path whole = fs::absolute(place).lexically_normal();  // of "." and "mnist/", too
    const fs::path own = (whole.has_filename() ? whole : whole.parent_path()).filename();
    const bool trust = !hint.empty() || own == name || (name == "mnist" && own != "fashion-mnist");
    if (has_files(place / name)) return place / name;
    if (trust && has_files(place)) return place;
    looked += (looked.empty() ? "" : ", ") + (place / name).string();
    if (trust) looked += ", " + place.string();
  }
  fail<std::runtime_error>(name, ": not found in ", looked, "; to get it: ./run data ", name);
}
}  // namespace temper
