#include "datasets/idx.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "tests/datasets/files.h"

using namespace temper;
using namespace temper_test;

namespace {
// The error of reading the file, without its path; "" if there is none.
std::string error_of(const fs::path& path, int rank = 1) {
  try {
    read_idx(path, rank);
    return "";
  } catch (const std::runtime_error& error) {
    const std::string text = error.what(), begin = path.string() + ": ";
    REQUIRE(text.starts_with(begin));
    return text.substr(begin.size());
  }
}

Bytes first(Bytes bytes, std::size_t n) {
  bytes.resize(n);
  return bytes;
}
}  // namespace

TEST_CASE("an IDX file gives its shape and bytes, raw or gzip, whatever its name") {
  const TemporaryFolder folder;
  const Bytes content = {0, 1, 2, 3, 4, 255};
  for (const fs::path& path : {write(folder / "raw", idx({3, 1, 2}, content)),
                               write(folder / "raw.gz", idx({3, 1, 2}, content)),
                               write_gzip(folder / "gzip", idx({3, 1, 2}, content)),
                               write_gzip(folder / "gzip.gz", idx({3, 1, 2}, content))}) {
    CAPTURE(path.string());
    const Idx found = read_idx(path, 3);
    CHECK(found.shape == Shape{3, 1, 2});
    CHECK(found.bytes == content);
  }
  CHECK(read_idx(write(folder / "four", idx({1, 2, 1, 3}, content)), 4).bytes == content);
}

TEST_CASE("numbers of every type are read, most significant byte first") {
  const TemporaryFolder folder;
  const fs::path path = folder / "f";
  const auto numbers = [&](std::uint8_t type, std::uint32_t n, const Bytes& content) {
    Bytes file = idx({n}, content);
    file[2] = type;
    const Idx found = read_idx(write(path, file), 1);
    CHECK(found.shape == Shape{static_cast<int>(n)});
    CHECK(found.bytes.empty());
    return found.numbers;
  };
  using Numbers = std::vector<double>;
  CHECK(numbers(9, 3, {0, 127, 0x80}) == Numbers{0, 127, -128});
  CHECK(numbers(11, 2, {1, 2, 0xff, 0xfe}) == Numbers{258, -2});
  CHECK(numbers(12, 2, {0x7f, 0xff, 0xff, 0xff, 0x80, 0, 0, 0}) ==
        Numbers{2147483647, -2147483648.0});
  CHECK(numbers(13, 2, {0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0}) == Numbers{1.5, -2});
  CHECK(numbers(14, 1, {0xbf, 0xe0, 0, 0, 0, 0, 0, 0}) == Numbers{-0.5});
}

TEST_CASE("an IDX file has 1 to 4 axes, and those that are asked for") {
  const TemporaryFolder folder;
  const fs::path path = folder / "f";
  for (const std::vector<std::uint32_t>& shape :
       {std::vector<std::uint32_t>{4}, {2, 2}, {2, 1, 2}, {1, 2, 2, 1}}) {
    const auto rank = static_cast<int>(shape.size());
    write(path, idx(shape, {1, 2, 3, 4}));
    CHECK(read_idx(path).shape.rank() == rank);
    CHECK(read_idx(path, rank).bytes == Bytes{1, 2, 3, 4});
    CHECK(error_of(path, rank % 4 + 1) == "numbers of type 8 in " + std::to_string(rank) +
                                              " axes, expected 8, 9 or 11 to 14 in " +
                                              std::to_string(rank % 4 + 1));
  }
  CHECK(error_of(write(path, idx({1, 1, 1, 1, 1}, {7})), 0) ==
        "numbers of type 8 in 5 axes, expected 8, 9 or 11 to 14 in 1 to 4");
  CHECK(error_of(write(path, idx({1}, {7})), 5) ==
        "numbers of type 8 in 1 axes, expected 8, 9 or 11 to 14 in 5");
}

TEST_CASE("what is no IDX file is refused in one sentence") {
  const TemporaryFolder folder;
  const fs::path path = folder / "f";
  CHECK(error_of(path) == "is not there, or not a file");
  CHECK(error_of(folder.path()) == "is not there, or not a file");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(error_of(folder / "pipe") == "is not there, or not a file");
  const auto begins = [](const std::string& text) {
    return "begins with \"" + text + "\", expected an IDX file, raw or gzip";
  };
  CHECK(error_of(write(path, "")) == begins(""));
  CHECK(error_of(write(path, std::string(3, '\0'))) == begins("..."));
  CHECK(error_of(write(folder / "labels.gz", "<!DOCTYPE html>\n<html>503</html>"), 3) ==
        begins("<!DOCTYPE html>.<htm"));
  CHECK(error_of(write_gzip(path, {'h', 'e', 'l', 'l', 'o'})) == begins("hello"));
  CHECK(error_of(write_gzip(path, {})) == begins(""));
  CHECK(error_of(write_gzip(path, read(write_gzip(folder / "g", idx({1}, {7})))))
            .starts_with("begins with \"........"));
  CHECK(error_of(write(path, first(idx({1, 1, 1}, {}), 9)), 3) == begins("........."));
}

TEST_CASE("a header that is not the expected one is refused") {
  const TemporaryFolder folder;
  const fs::path path = folder / "f";
  for (const std::uint8_t type : {0, 7, 10, 15, 255}) {
    Bytes file = idx({1}, {0, 0, 0, 0});
    file[2] = type;
    CHECK(error_of(write(path, file)) ==
          "numbers of type " + std::to_string(type) + " in 1 axes, expected 8, 9 or 11 to 14 in 1");
  }
  CHECK(error_of(write(path, idx({1, 0, 28}, {})), 3) ==
        "axis 1 has length 0, expected 1 to 2^31 - 1");
  CHECK(error_of(write(path, idx({0x80000000}, {}))) ==
        "axis 0 has length -2.14748e+09, expected 1 to 2^31 - 1");
}

TEST_CASE("a header that promises more than the file holds costs little memory") {
  const TemporaryFolder folder;
  const fs::path path = folder / "f";
  const std::uint32_t most = 0x7fffffff;
  CHECK(error_of(write(path, idx({most, most, most, most}, {1, 2, 3})), 4) ==
        "the header says more numbers than any file holds");
  const Bytes lie = idx({1 << 30, 1 << 30}, Bytes(5000));
  const std::string truth = "5000 bytes of numbers, the header says [1073741824, 1073741824] of 1";
  CHECK(error_of(write(path, lie), 2) == truth);
  CHECK(error_of(write_gzip(path, lie), 2) == truth);
}

TEST_CASE("a file larger than the memory reserved for it is read whole") {
  const TemporaryFolder folder;
  const std::uint32_t size = (1 << 26) + 12345;
  Bytes content(size);
  for (std::size_t i = 0; i < size; i += 1000) content[i] = static_cast<std::uint8_t>(i / 1000);
  const Bytes file = idx({size}, content);
  CHECK(read_idx(write(folder / "f", file), 1).bytes == content);
  CHECK(error_of(write(folder / "f", first(file, file.size() - 1))) ==
        "67121208 bytes of numbers, the header says [67121209] of 1");
}

TEST_CASE("a file that ends early, goes on or is damaged is refused") {
  const TemporaryFolder folder;
  const fs::path path = folder / "f";
  const std::string shorter = "99 bytes of numbers, the header says [100] of 1",
                    longer = "101 bytes of numbers, the header says [100] of 1";
  CHECK(error_of(write(path, idx({100}, Bytes(99)))) == shorter);
  CHECK(error_of(write_gzip(path, idx({100}, Bytes(99)))) == shorter);
  CHECK(error_of(write(path, idx({100}, Bytes(101)))) == longer);
  CHECK(error_of(write_gzip(path, idx({100}, Bytes(101)))) == longer);
  Bytes shorts = idx({3}, Bytes(5));
  shorts[2] = 11;
  CHECK(error_of(write(path, shorts)) == "5 bytes of numbers, the header says [3] of 2");

  const Bytes gzip = read(write_gzip(path, idx({100}, Bytes(100))));
  for (std::size_t n = 3; n < gzip.size(); ++n) {
    CAPTURE(n);
    CHECK(error_of(write(path, first(gzip, n))) ==
          "unexpected end of file: the file is damaged or not whole");
  }
  Bytes bad = gzip;
  bad[bad.size() - 5] ^= 1;  // of the checksum
  CHECK(error_of(write(path, bad)) == "incorrect data check: the file is damaged or not whole");
  bad = gzip;
  bad[bad.size() - 1] ^= 1;  // of the length
  CHECK(error_of(write(path, bad)) == "incorrect length check: the file is damaged or not whole");
}

TEST_CASE("a file without permission is refused") {
  const TemporaryFolder folder;
  const fs::path path = write(folder / "f", idx({1}, {7}));
  fs::permissions(path, fs::perms::none);
  if (access(path.c_str(), R_OK) == 0) {
    MESSAGE("skipped: this user may read everything");
    return;
  }
  CHECK(error_of(path) == "may not be read");
}

TEST_CASE("a file changed or cut anywhere is read or refused, nothing else") {
  const TemporaryFolder folder;
  const Bytes content = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
  const Bytes raw = read(write(folder / "raw", idx({3, 2, 2}, content)));
  const Bytes gzip = read(write_gzip(folder / "gzip", idx({3, 2, 2}, content)));
  int refused = 0, tried = 0;
  const auto attempt = [&](const Bytes& bytes) {
    ++tried;
    const fs::path path = write(folder / "bad", bytes);
    try {
      const Idx found = read_idx(path, 3);
      CHECK(found.bytes.size() + found.numbers.size() == found.shape.size());
    } catch (const std::runtime_error& error) {
      ++refused;
      CHECK(std::string(error.what()).starts_with(path.string() + ": "));
    }
  };
  for (const Bytes& whole : {raw, gzip}) {
    for (std::size_t i = 0; i < whole.size(); ++i) {
      CAPTURE(i);
      attempt(first(whole, i));
      for (int bit = 0; bit < 8; ++bit) {
        Bytes flipped = whole;
        flipped[i] = static_cast<std::uint8_t>(flipped[i] ^ (1 << bit));
        attempt(flipped);
      }
      for (const int value : {0, 0x7f, 0x80, 0xff}) {
        Bytes changed = whole;
        changed[i] = static_cast<std::uint8_t>(value);
        attempt(changed);
      }
    }
  }
  CHECK(refused > tried / 2);
  CHECK(refused < tried);  // a changed pixel of a raw file is a pixel
}

TEST_CASE("labels begin where they are said to, and may be QMNIST's rows") {
  const TemporaryFolder folder;
  const fs::path images = write(folder / "images", idx({2, 1, 3}, {1, 2, 3, 4, 5, 6}));
  const fs::path labels = folder / "labels";
  const Dataset letters = load_idx(images, write(labels, idx({2}, {26, 1})), 26, 1);
  letters.check();
  CHECK(letters.sample == Shape{1, 3});
  CHECK(letters.bytes == Bytes{1, 2, 3, 4, 5, 6});
  CHECK(letters.labels == std::vector{25, 0});

  Bytes rows = idx({2, 8}, Bytes(64));
  rows[2] = 12;
  rows[12 + 3] = 7;  // of the first label, and of the second; the rest is of no interest
  rows[12 + 32 + 3] = 9;
  rows[12 + 4 + 3] = 1;
  CHECK(load_idx(images, write(labels, rows), 10).labels == std::vector{7, 9});

  Bytes floats = idx({2, 1}, {0x3f, 0xc0, 0, 0, 0, 0, 0, 0});
  floats[2] = 13;
  const Dataset numbers = load_idx(write(images, floats), write(labels, idx({2}, {1, 0})), 2);
  numbers.check();
  CHECK(numbers.numbers == std::vector<Real>{Real(1.5), 0});
  CHECK(numbers.sample == Shape{1});
}

TEST_CASE("images and labels that do not fit together are refused") {
  const TemporaryFolder folder;
  const fs::path images = write(folder / "images", idx({2, 1, 1}, {1, 2}));
  const fs::path labels = folder / "labels";
  const auto refused = [&](const Bytes& file, int first, const std::string& sentence) {
    CHECK_THROWS_WITH_AS(load_idx(images, write(labels, file), 10, first),
                         (labels.string() + ": " + sentence).c_str(), std::runtime_error);
  };
  refused(idx({3}, {1, 2, 3}), 0, "labels [3], expected [2], one for each of " + to_string(images));
  refused(idx({2, 8}, Bytes(16)), 0,
          "labels [2, 8], expected [2], one for each of " + to_string(images));
  refused(idx({2}, {9, 10}), 0, "label[1] = 10, not one of 10 from 0");
  refused(idx({2}, {1, 0}), 1, "label[1] = 0, not one of 10 from 1");
  Bytes half = idx({2}, {0x3f, 0x80, 0, 0, 0x3f, 0xc0, 0, 0});
  half[2] = 13;
  refused(half, 0, "label[1] = 1.5, not one of 10 from 0");
  half[12] = 0x7f;  // NaN
  refused(half, 0, "label[1] = nan, not one of 10 from 0");
}
