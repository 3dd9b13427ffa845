#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "datasets/idx.h"
#include "tests/datasets/files.h"

using namespace temper;
using namespace temper_test;

TEST_CASE("a CSV file has a label and pixels in a line, with or without a heading") {
  const TemporaryFolder folder;
  const fs::path path = folder / "train.csv";
  for (const char* text : {"7,0,255\n3,12,5\n", "7,0,255\n3,12,5", "7,0,255\r\n3,12,5\r\n",
                           "label,1x1,1x2\n7,0,255\n3,12,5", "7,0,255\n3,12,5\n\n",
                           "\xef\xbb\xbflabel,1x1,1x2\n7,0,255\n3,12,5\n",
                           "\"label\",\"pixel0\",\"pixel1\"\r\n7,0,255\r\n3,12,5\r\n"}) {
    CAPTURE(text);
    const Dataset data = load_csv(write(path, text), {2});
    data.check();
    CHECK(data.sample == Shape{2});
    CHECK(data.labels == std::vector{7, 3});
    CHECK(data.bytes == Bytes{0, 255, 12, 5});
    CHECK(data.classes == 10);
  }
  const std::string text = "9,1,2,3,4\n";
  const Dataset data = load_csv(write_gzip(path, Bytes(text.begin(), text.end())), {1, 2, 2});
  CHECK(data.sample == Shape{1, 2, 2});
  CHECK(data.labels == std::vector{9});
}

TEST_CASE("a CSV file of pixels alone is a data set to be predicted") {
  const TemporaryFolder folder;
  for (const char* text : {"1,2\n3,4\n", "pixel0,pixel1\n1,2\n3,4\n"}) {
    const Dataset data = load_csv(write(folder / "test.csv", text), {2});
    data.check();
    CHECK(data.labels.empty());
    CHECK(data.bytes == Bytes{1, 2, 3, 4});
  }
}

TEST_CASE("a line of a CSV file that does not fit is refused by its number") {
  const TemporaryFolder folder;
  const fs::path path = folder / "f.csv";
  const auto refused = [&](const std::string& text, const std::string& sentence) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(load_csv(write(path, text), {2}, 5),
                         (path.string() + ": " + sentence).c_str(), std::runtime_error);
  };
  const std::string pixel = ": expected a number from 0 to 255 and 3 columns",
                    label = ": expected a number from 0 to 4 and 3 columns";
  refused("1,2,3\n1,2\n", "line 2, column 2" + pixel);
  refused("1,2,3\n1,2", "line 2, column 2" + pixel);
  refused("1,2,3\n1,2,3,4\n", "line 2, column 3" + pixel);
  refused("1,2,3\n1,2,", "line 2, column 3" + pixel);
  refused("1,2,3\n\n1,2,3\n", "line 2, column 1" + label);
  refused("label,a,b\n1,2,3\n1,x,3\n", "line 3, column 2" + pixel);
  refused("1,2,256\n", "line 1, column 3" + pixel);
  refused("1,-2,3\n", "line 1, column 2" + pixel);
  refused("1,2.5,3\n", "line 1, column 2" + pixel);
  refused("1,99999999999999999999,3\n", "line 1, column 2" + pixel);
  refused("1, 2,3\n", "line 1, column 2" + pixel);
  refused("1;2;3\n", "line 1, column 1: expected a number from 0 to 255 and 2 columns");
  refused("5,2,3\n", "line 1, column 1" + label);
  refused("\"1\",2,3\n", "line 1, column 1" + label);
  refused("1,2,3,4\n", "line 1, column 3" + pixel);
  refused("1\n", "line 1, column 1: expected a number from 0 to 255 and 2 columns");
  for (const char* empty : {"", "label,a,b", "label,a,b\n"})
    refused(empty, "no lines of numbers, at least 1 is needed");
  CHECK_THROWS_WITH_AS(load_csv(folder / "none"),
                       ((folder / "none").string() + ": is not there, or not a file").c_str(),
                       std::runtime_error);
}
