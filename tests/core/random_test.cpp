// Random numbers: the same everywhere, and distributed as they should be.
#include <numeric>

#include "tests/check.h"

using namespace temper;

TEST_CASE("the sequence of a seed is fixed for ever") {
  CHECK(mix(0x9e3779b97f4a7c15u) == 0xe220a8397b1dcdafu);  // SplitMix64's first number for seed 0
  CHECK(random_bits(0, 0) == 0xe220a8397b1dcdafu);
  CHECK(random_bits(0, 1) == 0x6e789e6aa1b965f4u);
  CHECK(random_bits(1234567, 2) == 9817491932198370423u);
  Rng rng(42);
  CHECK(rng.next() == random_bits(mix(42), 0));
  CHECK(rng.next() == random_bits(mix(42), 1));
}

TEST_CASE("uniform and normal numbers have the right moments") {
  Rng rng(1);
  constexpr int n = 200'000;
  double mean = 0, square = 0, tail = 0, uniform = 0, low = 1, high = 0;
  for (int i = 0; i < n; ++i) {
    const double z = rng.normal(), u = rng.uniform();
    mean += z / n, square += z * z / n, uniform += u / n, tail += std::abs(z) > 1.959964;
    low = std::min(low, u), high = std::max(high, u);
  }
  CHECK(std::abs(mean) < 4 / std::sqrt(n));  // four standard errors
  CHECK(std::abs(square - 1) < 4 * std::sqrt(2.0 / n));
  CHECK(std::abs(tail / n - 0.05) < 4 * std::sqrt(0.05 * 0.95 / n));
  CHECK(std::abs(uniform - 0.5) < 4 / std::sqrt(12.0 * n));
  CHECK((low >= 0 && low < 1e-4 && high < 1 && high > 1 - 1e-4));
}

TEST_CASE("below(n) reaches every number equally often") {
  Rng rng(2);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts[rng.below(7)];
  for (const int count : counts) CHECK(std::abs(count - 10'000) < 4 * std::sqrt(10'000 * 6 / 7.0));
  CHECK(rng.below(1) == 0);
  int low = 0;  // of three quarters of 2⁶⁴: a plain remainder would give half of them
  for (int i = 0; i < 30'000; ++i)
    low += rng.below(std::uint64_t{3} << 62) < std::uint64_t{1} << 62;
  CHECK(std::abs(low - 10'000) < 400);  // five standard deviations
}

TEST_CASE("shuffle makes every order of three items equally often") {
  Rng rng(3);
  std::array<int, 27> counts{};
  for (int i = 0; i < 60'000; ++i) {
    std::array<int, 3> items = {0, 1, 2};
    rng.shuffle(std::span<int>(items));
    ++counts[static_cast<std::size_t>(items[0] * 9 + items[1] * 3 + items[2])];
  }
  CHECK(std::ranges::count_if(counts, [](int c) { return c > 0; }) == 6);
  for (const int count : counts)
    CHECK((count == 0 || std::abs(count - 10'000) < 4 * std::sqrt(10'000 * 5 / 6.0)));
}
