#include "datasets/mnist.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>
#include <string>

#include "tests/datasets/files.h"

using namespace temper;
using namespace temper_test;

namespace {
Bytes images(std::uint32_t n, std::uint8_t pixel) {
  return idx({n, 28, 28}, Bytes(n * 784, pixel));
}

// A data set of 3 training and 2 test images.
void write_files(const fs::path& folder, const std::string& middle = "-", bool gzip = false) {
  const auto write_part = [&](const std::string& part, const Bytes& bytes) {
    if (gzip)
      write_gzip(folder / (part + "-ubyte.gz"), bytes);
    else
      write(folder / (part + "-ubyte"), bytes);
  };
  write_part("train-images" + middle + "idx3", images(3, 100));
  write_part("train-labels" + middle + "idx1", idx({3}, {7, 0, 9}));
  write_part("t10k-images" + middle + "idx3", images(2, 200));
  write_part("t10k-labels" + middle + "idx1", idx({2}, {1, 2}));
}

// Moves the test into an empty folder, so that its ./data is not somebody's, and hides the
// user's data.
struct Nowhere {
  TemporaryFolder folder;
  fs::path before = fs::current_path();
  Variable data{"TEMPER_DATA", ""}, home{"HOME", (folder / "home").string()},
      cache{"XDG_CACHE_HOME", ""};
  Nowhere() { fs::current_path(folder.path()); }
  ~Nowhere() { fs::current_path(before); }
};

std::array<int, 10> histogram(const std::vector<int>& labels) {
  std::array<int, 10> counts{};
  for (const int label : labels) ++counts.at(static_cast<std::size_t>(label));
  return counts;
}

long sum(const std::vector<std::uint8_t>& bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), 0L);
}
}  // namespace

TEST_CASE("the four files are found under each of their names") {
  for (const char* middle : {"-", "."}) {
    for (const bool gzip : {false, true}) {
      const TemporaryFolder folder;
      write_files(folder.path(), middle, gzip);
      const Mnist data = load_mnist(folder.path());
      data.train.check();
      data.test.check();
      CHECK(data.train.size() == 3);
      CHECK(data.train.sample == Shape{784});
      CHECK(data.train.labels == std::vector<int>{7, 0, 9});
      CHECK(data.train.classes == 10);
      CHECK(data.test.labels == std::vector<int>{1, 2});
      CHECK(data.test.bytes == Bytes(2 * 784, 200));
      CHECK(load_mnist(folder.path(), {1, 28, 28}).test.sample == Shape{1, 28, 28});
    }
  }
}

TEST_CASE("files that do not fit together are refused in one sentence") {
  const TemporaryFolder folder;
  const std::string at = folder.path().string() + "/";
  CHECK_THROWS_WITH_AS(load_mnist(folder.path()),
                       (folder.path().string() + ": no train-images-idx3-ubyte (or with .idx for "
                                                 "-idx, or .gz at the end)")
                           .c_str(),
                       std::runtime_error);
  write_files(folder.path());
  CHECK_THROWS_WITH_AS(load_mnist(folder.path(), {28, 27}),
                       "load_mnist: an image of 28 x 28 does not fit a sample of [28, 27]",
                       ShapeError);

  write(folder / "t10k-labels-idx1-ubyte", idx({3}, {1, 2, 3}));
  CHECK_THROWS_WITH_AS(
      load_mnist(folder.path()),
      (at + "t10k-labels-idx1-ubyte: 3 labels, expected 2, one per image of t10k-images-idx3-ubyte")
          .c_str(),
      std::runtime_error);

  write(folder / "t10k-labels-idx1-ubyte", idx({2}, {9, 10}));
  CHECK_THROWS_WITH_AS(load_mnist(folder.path()),
                       (at + "t10k-labels-idx1-ubyte: label[1] = 10, expected 0 to 9").c_str(),
                       std::runtime_error);

  write(folder / "train-images-idx3-ubyte", idx({3, 32, 32}, Bytes(3 * 32 * 32)));
  CHECK_THROWS_WITH_AS(
      load_mnist(folder.path()),
      (at + "train-images-idx3-ubyte: images of 32 x 32, expected 28 x 28").c_str(),
      std::runtime_error);

  write(folder / "train-images-idx3-ubyte", idx({3}, {1, 2, 3}));
  CHECK_THROWS_WITH_AS(
      load_mnist(folder.path()),
      (at + "train-images-idx3-ubyte: magic number 2049, expected 2051 (images)").c_str(),
      std::runtime_error);
}

TEST_CASE("a hint is the only place looked at: its folder of that name first, then itself") {
  const Nowhere nowhere;
  const TemporaryFolder& folder = nowhere.folder;
  write_files(folder / "data/mnist");
  CHECK_THROWS_WITH_AS(find_mnist("mnist", "typo"),
                       "mnist: not found in typo/mnist, typo; to get it: ./run data mnist",
                       std::runtime_error);
  write_files(folder / "typo");
  CHECK(find_mnist("mnist", "typo") == "typo");
  CHECK(find_mnist("fashion-mnist", "typo") == "typo");
  write_files(folder / "typo/fashion-mnist");
  CHECK(find_mnist("mnist", "typo") == "typo");
  CHECK(find_mnist("fashion-mnist", "typo") == "typo/fashion-mnist");
}

TEST_CASE("without a hint the environment comes first, then ./data, then the cache") {
  const Nowhere nowhere;
  const TemporaryFolder& folder = nowhere.folder;
  const std::string home = (folder / "home/.cache/temper").string();
  CHECK_THROWS_WITH_AS(find_mnist(),
                       ("mnist: not found in data/mnist, data, " + home + "/mnist, " + home +
                        ", /usr/share/datasets/mnist, /usr/share/datasets; to get it: ./run data "
                        "mnist")
                           .c_str(),
                       std::runtime_error);
  write_files(folder / "home/.cache/temper/mnist");
  CHECK(find_mnist() == home + "/mnist");
  {
    const Variable cache("XDG_CACHE_HOME", (folder / "xdg").string());
    write_files(folder / "xdg/temper/mnist");
    CHECK(find_mnist() == folder / "xdg/temper/mnist");
  }
  write_files(folder / "data");
  CHECK(find_mnist() == "data");
  write_files(folder / "data/mnist");
  CHECK(find_mnist() == "data/mnist");
  const Variable data("TEMPER_DATA", (folder / "mine").string());
  CHECK(find_mnist() == "data/mnist");
  write_files(folder / "mine");
  CHECK(find_mnist() == folder / "mine");
  write_files(folder / "mine/mnist");
  CHECK(find_mnist() == folder / "mine/mnist");
}

TEST_CASE("a folder that is not called so is not taken for another data set") {
  const Nowhere nowhere;
  const TemporaryFolder& folder = nowhere.folder;
  const auto finds = [](const std::string& name, const fs::path& path) {
    const Variable data("TEMPER_DATA", path.string());
    try {
      return find_mnist(name) == path;
    } catch (const std::runtime_error&) {
      return false;
    }
  };
  for (const char* name : {"x", "mnist", "fashion-mnist"}) write_files(folder / name);
  CHECK(finds("mnist", folder / "x"));
  CHECK(finds("mnist", folder / "mnist"));
  CHECK_FALSE(finds("mnist", folder / "fashion-mnist"));
  CHECK_FALSE(finds("fashion-mnist", folder / "x"));
  CHECK_FALSE(finds("fashion-mnist", folder / "mnist"));
  CHECK(finds("fashion-mnist", folder / "fashion-mnist"));
  CHECK(finds("fashion-mnist", folder / "fashion-mnist/"));
}

TEST_CASE("a folder that lacks a file is found, so that the missing file can be named") {
  const Nowhere nowhere;
  const fs::path folder = nowhere.folder / "mnist";
  write_files(folder);
  fs::remove(folder / "t10k-labels-idx1-ubyte");
  const Variable data("TEMPER_DATA", nowhere.folder.path().string());
  CHECK(find_mnist("mnist") == folder);
  CHECK_THROWS_WITH_AS(load_mnist(folder),
                       (folder.string() + ": no t10k-labels-idx1-ubyte (or with .idx for -idx, or "
                                          ".gz at the end)")
                           .c_str(),
                       std::runtime_error);
}

TEST_CASE("MNIST is read as it was published") {
  fs::path folder;
  try {
    folder = find_mnist();
  } catch (const std::runtime_error& error) {
    MESSAGE("skipped: ", std::string(error.what()));
    return;
  }
  const Mnist data = load_mnist(folder);
  data.train.check();
  data.test.check();
  CHECK(data.train.size() == 60000);
  CHECK(data.test.size() == 10000);
  const std::vector<int> first_train(data.train.labels.begin(), data.train.labels.begin() + 10);
  const std::vector<int> first_test(data.test.labels.begin(), data.test.labels.begin() + 10);
  CHECK(first_train == std::vector<int>{5, 0, 4, 1, 9, 2, 1, 3, 1, 4});
  CHECK(first_test == std::vector<int>{7, 2, 1, 0, 4, 1, 4, 9, 5, 9});
  CHECK(histogram(data.train.labels) ==
        std::array{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949});
  CHECK(histogram(data.test.labels) ==
        std::array{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009});
  CHECK(sum(data.train.bytes) == 1567298545);  // known means: 33.318 and 33.791 per pixel
  CHECK(sum(data.test.bytes) == 264923200);
}

TEST_CASE("Fashion-MNIST is read as it was published") {
  fs::path folder;
  try {
    folder = find_mnist("fashion-mnist");
  } catch (const std::runtime_error& error) {
    MESSAGE("skipped: ", std::string(error.what()));
    return;
  }
  const Mnist data = load_mnist(folder);
  CHECK(data.train.size() == 60000);
  CHECK(data.test.size() == 10000);
  const std::vector<int> first(data.train.labels.begin(), data.train.labels.begin() + 10);
  CHECK(first == std::vector<int>{9, 0, 0, 3, 0, 2, 7, 2, 5, 5});
  for (const int count : histogram(data.train.labels)) CHECK(count == 6000);
}
