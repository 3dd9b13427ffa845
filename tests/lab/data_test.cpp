// The digest of the data: that of a standard, over images and labels of both parts.
#include "apps/lab/model/data.h"

#include <doctest/doctest.h>

using namespace temper;

TEST_CASE("the digest is the SHA-256 of images and labels, training before test") {
  const auto part = [](std::vector<std::uint8_t> bytes, std::vector<int> labels) {
    return Dataset{.sample = {1}, .bytes = std::move(bytes), .labels = std::move(labels)};
  };
  // "abc" (FIPS 180-4), cut anywhere
  const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  CHECK(lab::digest({part({'a'}, {'b'}), part({'c'}, {})}) == abc);
  CHECK(lab::digest({part({}, {}), part({'a', 'b'}, {'c'})}) == abc);
  CHECK(lab::digest({part({'a'}, {'c'}), part({'b'}, {})}) != abc);
}

TEST_CASE("samples are selected with their labels, in the order of their places") {
  const Dataset data{
      .sample = {2}, .bytes = {1, 2, 3, 4, 5, 6}, .scale = 2, .labels = {7, 8, 9}, .classes = 10};
  const Dataset part = lab::select(data, {2, 0});
  CHECK(part.bytes == std::vector<std::uint8_t>{5, 6, 1, 2});
  CHECK(part.labels == std::vector{9, 7});
  CHECK(part.scale == 2);
  CHECK(part.classes == 10);
  CHECK(lab::range(2, 5) == std::vector{2, 3, 4});
}
