#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "twins.h"

#undef temper  // this program is linked with both libraries and calls each by its own name

namespace temper {
std::vector<Twin> run_twins();
}
namespace temper_f64 {
std::vector<Twin> run_twins();
}

TEST_CASE("every kernel in float agrees with its twin in double") {
  const std::vector<Twin> floats = temper::run_twins(), doubles = temper_f64::run_twins();
  REQUIRE(floats.size() == doubles.size());
  std::size_t rounded = 0;
  for (std::size_t k = 0; k < floats.size(); ++k) {
    INFO(floats[k].name);
    REQUIRE(floats[k].numbers.size() == doubles[k].numbers.size());
    double largest = 0, error = 0;
    bool different = false;
    for (std::size_t i = 0; i < floats[k].numbers.size(); ++i) {
      const double truth = doubles[k].numbers[i],
                   difference = std::abs(floats[k].numbers[i] - truth);
      largest = std::max(largest, std::abs(truth));
      error = std::isnan(difference) ? difference : std::max(error, difference);
      different |= difference > 0;
    }
    // one part in 10⁶ of the largest number: 17 roundings of float, of which a kernel adds up to
    // 130
    CHECK(largest > 0);
    CHECK(error <= 1e-6 * largest);
    rounded += different;
  }
  CHECK(rounded > floats.size() / 2);  // else the twins are one and the same
}
