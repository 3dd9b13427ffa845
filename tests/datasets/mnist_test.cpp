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

TEST_CASE("the files are found as archives unpack") {
  const Nowhere nowhere;
  const fs::path at = nowhere.folder / "data";
  const auto loads = [&](const std::string& name = "mnist") {
    const Mnist data = load_mnist(find_mnist(name, at));
    return data.train.size() == 3 && data.test.size() == 2;
  };
  const auto into_folders = [&](bool keep) {  // x becomes x/x, as in Kaggle's archive
    write_files(at);
    for (const char* part :
         {"train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"}) {
      const std::string name = part + std::string("-ubyte"), with_dot = part;
      const Bytes content = read(at / name);
      fs::remove(at / name);
      write(at / name / name, content);
      if (keep)
        write(at / (with_dot.substr(0, 12) + "." + with_dot.substr(13) + "-ubyte"), content);
    }
  };
  SUBCASE("Kaggle's, each file in a folder of its name") { into_folders(false); }
  SUBCASE("Kaggle's, each file beside a folder of its name") { into_folders(true); }
  SUBCASE("torchvision's") { write_files(at / "MNIST/raw"); }
  SUBCASE("torchvision's, with what was compressed") {
    write_files(at / "MNIST/raw");
    write_files(at / "MNIST/raw", "-", true);
  }
  SUBCASE("in capital letters") {
    write_files(at);
    for (const auto& entry : fs::directory_iterator(at)) {
      std::string name = entry.path().filename().string();
      for (char& c : name) c = static_cast<char>(std::toupper(c));
      fs::rename(entry.path(), at / name);
    }
  }
  SUBCASE("with an empty file beside the good ones") {
    write_files(at, "-", true);
    write(at / "train-images-idx3-ubyte", "");
  }
  SUBCASE("with what a Mac and a download leave behind") {
    write_files(at, "-", true);
    write(at / "._train-images-idx3-ubyte", "Mac OS X");
    write(at / "train-images-idx3-ubyte.gz.part", "half");
    write(at / "train-images-idx3-ubyte (1).gz", "twice");
  }
  SUBCASE("through links, even to themselves") {
    write_files(nowhere.folder / "elsewhere");
    fs::create_directories(at);
    fs::create_directory_symlink("../elsewhere", at / "mnist");
    fs::create_directory_symlink(".", at / "raw");
    fs::create_directory_symlink(".", at / "train-images-idx3-ubyte");
  }
  CHECK(loads());
}

TEST_CASE("folders that are not called as a data set or an archive are not searched") {
  const Nowhere nowhere;
  write_files(nowhere.folder / "data/photographs");
  CHECK_THROWS_WITH_AS(find_mnist("mnist", "data"),
                       "mnist: not found in data; to get it: ./run data mnist", std::runtime_error);
}

namespace {
// A data set of two images for training and one to test, whose first row of pixels is 0 … 27.
void write_emnist(const fs::path& folder, const std::string& name, const Bytes& labels) {
  Bytes row = images(2, 0);
  for (std::uint8_t x = 0; x < 28; ++x) row[16 + x] = x;
  write_gzip(folder / (name + "-train-images-idx3-ubyte.gz"), row);
  write_gzip(folder / (name + "-train-labels-idx1-ubyte.gz"), idx({2}, labels));
  write_gzip(folder / (name + "-test-images-idx3-ubyte.gz"), images(1, 9));
  write_gzip(folder / (name + "-test-labels-idx1-ubyte.gz"), idx({1}, {labels[0]}));
}
}  // namespace

TEST_CASE("EMNIST's images are transposed, and its letters become 0 to 25") {
  const Nowhere nowhere;
  write_emnist("data/EMNIST/raw", "emnist-letters", {1, 26});
  write_emnist("data/EMNIST/raw", "emnist-balanced", {0, 46});
  const Mnist letters = load_mnist(find_mnist("emnist-letters"));
  CHECK(letters.train.classes == 26);
  CHECK(letters.train.labels == std::vector{0, 25});
  for (std::size_t i = 0; i < 784; ++i)
    REQUIRE(letters.train.bytes[i] == (i % 28 == 0 ? i / 28 : 0));
  CHECK(std::ranges::all_of(letters.train.bytes.begin() + 784, letters.train.bytes.end(),
                            [](int pixel) { return pixel == 0; }));
  const Mnist balanced = load_mnist(find_mnist("emnist-balanced"), {1, 28, 28});
  CHECK(balanced.train.classes == 47);
  CHECK(balanced.train.labels == std::vector{0, 46});
  CHECK(balanced.test.size() == 1);
}

TEST_CASE("of several data sets in a folder the name decides, and without it they are listed") {
  const Nowhere nowhere;
  write_emnist("some", "emnist-letters", {1, 26});
  CHECK(load_mnist("some").train.classes == 26);
  CHECK(find_mnist("mnist", "some").kind.name == "emnist-letters");
  write_emnist("some", "emnist-balanced", {0, 46});
  CHECK(load_mnist(find_mnist("emnist-letters", "some")).train.labels == std::vector{0, 25});
  CHECK_THROWS_WITH_AS(load_mnist("some"),
                       "mnist: not found in some (there is emnist-balanced) (there is "
                       "emnist-letters); to get it: ./run data mnist",
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(find_mnist("emnist"), "emnist: no data set of mnist_kinds",
                       std::runtime_error);
}

TEST_CASE("QMNIST's labels are the first of eight numbers") {
  const Nowhere nowhere;
  write("data/qmnist/qmnist-train-images-idx3-ubyte", images(2, 1));
  write("data/qmnist/qmnist-test-images-idx3-ubyte", images(1, 1));
  for (const char* part : {"train", "test"}) {
    const std::uint32_t n = part[1] == 'r' ? 2 : 1;
    Bytes labels = idx({n, 8}, Bytes(n * 32));
    labels[2] = 12;
    labels[12 + 3] = 5;
    write("data/qmnist/qmnist-" + std::string(part) + "-labels-idx2-int", labels);
  }
  const Mnist data = load_mnist(find_mnist("qmnist"));
  CHECK(data.train.labels == std::vector{5, 0});
  CHECK(data.test.labels == std::vector{5});
}

TEST_CASE("the table has every name once, and names that archives keep apart") {
  for (const MnistKind& kind : mnist_kinds) {
    CAPTURE(std::string(kind.name));
    CHECK(std::ranges::count(mnist_kinds, kind.name, &MnistKind::name) == 1);
    CHECK(std::ranges::count(mnist_kinds, kind.title, &MnistKind::title) == 1);
    const Nowhere nowhere;
    write_files(nowhere.folder / ("data/" + std::string(kind.name)));
    CHECK(find_mnist(kind.name).kind.title == kind.title);
    write_emnist("more", std::string(kind.name), {1, 2});
    CHECK(load_mnist(find_mnist(kind.name, "more")).train.classes == kind.classes);
  }
}

TEST_CASE("files that do not fit together are refused in one sentence") {
  const TemporaryFolder folder;
  const std::string at = folder.path().string() + "/";
  const auto refused = [&](const std::string& sentence) {
    CHECK_THROWS_WITH_AS(load_mnist(folder.path()), sentence.c_str(), std::runtime_error);
  };
  refused("mnist: not found in " + folder.path().string() + "; to get it: ./run data mnist");
  write_files(folder.path());
  CHECK_THROWS_WITH_AS(load_mnist(folder.path(), {28, 27}),
                       "load_mnist: an image of 28 x 28 is no sample of [28, 27]", ShapeError);

  write(folder / "t10k-labels-idx1-ubyte", idx({3}, {1, 2, 3}));
  refused(at + "t10k-labels-idx1-ubyte: labels [3], expected [2], one for each of \"" + at +
          "t10k-images-idx3-ubyte\"");
  write(folder / "t10k-labels-idx1-ubyte", idx({2}, {9, 10}));
  refused(at + "t10k-labels-idx1-ubyte: label[1] = 10, not one of 10 from 0");
  write(folder / "train-images-idx3-ubyte", idx({3, 32, 32}, Bytes(3 * 32 * 32)));
  refused(at + "train-images-idx3-ubyte: images [32, 32], not [28, 28] bytes");
  write(folder / "train-images-idx3-ubyte", idx({3}, {1, 2, 3}));
  refused(at + "train-images-idx3-ubyte: images [], not [28, 28] bytes");
  fs::remove(folder / "train-images-idx3-ubyte");
  fs::create_symlink("nowhere", folder / "train-images-idx3-ubyte");
  refused(at + "train-images-idx3-ubyte: is not there, or not a file");
}

TEST_CASE("a hint is the only place looked at: its folder of that name first, then itself") {
  const Nowhere nowhere;
  const TemporaryFolder& folder = nowhere.folder;
  write_files(folder / "data/mnist");
  CHECK_THROWS_WITH_AS(find_mnist("mnist", "typo"),
                       "mnist: not found in typo; to get it: ./run data mnist", std::runtime_error);
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
  std::string error;
  try {
    find_mnist();
  } catch (const std::runtime_error& e) {
    error = e.what();
  }
  CHECK(error.starts_with("mnist: not found in data, " + home + ", /usr/share/datasets"));
  CHECK(error.ends_with("; to get it: ./run data mnist"));
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
  CHECK_THROWS_WITH_AS(load_mnist(folder), (folder.string() + ": no labels to test").c_str(),
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
