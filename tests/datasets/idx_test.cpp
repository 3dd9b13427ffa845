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

TEST_CASE("what is no IDX file is refused in one sentence") {
  const TemporaryFolder folder;
  const fs::path path = folder / "f";
  CHECK(error_of(path) == "cannot be opened as a file: No such file or directory");
  CHECK(error_of(folder.path()) == "cannot be opened as a file: Is a directory");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(error_of(folder / "pipe").starts_with("cannot be opened as a file: "));
  CHECK(error_of(write(path, "")) == "is empty, expected an IDX file");
  CHECK(error_of(write(path, std::string(3, '\0'))) ==
        "not an IDX file, raw or gzip: it begins with \"...\"");
  CHECK(error_of(write(folder / "labels.gz", "<!DOCTYPE html>\n<html>503</html>"), 3) ==
        "not an IDX file, raw or gzip: it begins with \"<!DOCTYPE html>.\"");
  CHECK(error_of(write_gzip(path, {'h', 'e', 'l', 'l', 'o'})) ==
        "not an IDX file, raw or gzip: it begins with \"hello\"");
  CHECK(error_of(write_gzip(path, {})) == "is empty, expected an IDX file");
  CHECK(error_of(write_gzip(path, read(write_gzip(folder / "g", idx({1}, {7}))))) ==
        "not an IDX file, raw or gzip: it begins with \"........\"");
}

TEST_CASE("a header that is not the expected one is refused with both magic numbers") {
  const TemporaryFolder folder;
  const fs::path path = folder / "f";
  write(path, idx({2}, {1, 2}));
  CHECK(error_of(path, 3) == "magic number 2049, expected 2051 (images)");
  write(path, idx({1, 1, 2}, {1, 2}));
  CHECK(error_of(path, 1) == "magic number 2051, expected 2049 (labels)");
  CHECK(error_of(path, 2) == "magic number 2051, expected 2050");
  Bytes floats = idx({1}, {0, 0, 0, 0});
  floats[2] = 13;
  CHECK(error_of(write(path, floats)) == "elements of type 13, expected 8 (unsigned bytes)");
  CHECK(error_of(write(path, first(idx({1, 1, 1}, {}), 9)), 3) ==
        "truncated: 9 bytes, the header alone has 16");
  CHECK(error_of(write(path, idx({1, 0, 28}, {})), 3) ==
        "axis 1 has length 0, expected 1 to 2147483647");
  CHECK(error_of(write(path, idx({0x80000000}, {}))) ==
        "axis 0 has length 2147483648, expected 1 to 2147483647");
  CHECK_THROWS_WITH_AS(read_idx(path, 5), "read_idx: rank 5, expected 1 to 4", ShapeError);
}

TEST_CASE("a header that promises more than the file holds costs little memory") {
  const TemporaryFolder folder;
  const fs::path path = folder / "f";
  // 2³¹ - 1 times itself twice is beyond 64 bits
  const std::uint32_t most = 0x7fffffff;
  CHECK(error_of(write(path, idx({most, most, most}, {1, 2, 3})), 3) ==
        "the header says more numbers than any file holds");
  const Bytes lie = idx({1 << 30, 1 << 30}, Bytes(5000));
  const std::string truth =
      "truncated: the header says [1073741824, 1073741824], 1152921504606846976 bytes, found 5000";
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
        "truncated: the header says [67121209], 67121209 bytes, found 67121208");
}

TEST_CASE("a file that ends early, goes on or is damaged is refused") {
  const TemporaryFolder folder;
  const fs::path path = folder / "f";
  CHECK(error_of(write(path, idx({100}, Bytes(99)))) ==
        "truncated: the header says [100], 100 bytes, found 99");
  CHECK(error_of(write_gzip(path, idx({100}, Bytes(99)))) ==
        "truncated: the header says [100], 100 bytes, found 99");
  const std::string longer = "too long: bytes follow the 100 that the header says [100]";
  CHECK(error_of(write(path, idx({100}, Bytes(101)))) == longer);
  CHECK(error_of(write_gzip(path, idx({100}, Bytes(101)))) == longer);

  const Bytes gzip = read(write_gzip(path, idx({100}, Bytes(100))));
  for (std::size_t n = 3; n < gzip.size(); ++n) {
    CAPTURE(n);
    CHECK(error_of(write(path, first(gzip, n))) == "truncated: the gzip data ends early");
  }
  Bytes bad = gzip;
  bad[bad.size() - 5] ^= 1;  // of the checksum
  CHECK(error_of(write(path, bad)) == "damaged gzip data: incorrect data check");
  bad = gzip;
  bad[bad.size() - 1] ^= 1;  // of the length
  CHECK(error_of(write(path, bad)) == "damaged gzip data: incorrect length check");
}

TEST_CASE("a file without permission is refused") {
  const TemporaryFolder folder;
  const fs::path path = write(folder / "f", idx({1}, {7}));
  fs::permissions(path, fs::perms::none);
  if (access(path.c_str(), R_OK) == 0) {
    MESSAGE("skipped: this user may read everything");
    return;
  }
  CHECK(error_of(path) == "cannot be opened: Permission denied");
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
      CHECK(found.bytes.size() == found.shape.size());
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
