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

TEST_CASE("samples are selected by their labels, in the order that they have") {
  const Dataset data{.sample = {1}, .bytes = {1, 2, 3}, .labels = {7, 8, 9}, .classes = 10};
  CHECK(lab::select(data, [](int label) { return label != 8; }).labels == std::vector{7, 9});
  CHECK(lab::range(2, 5) == std::vector{2, 3, 4});
}
