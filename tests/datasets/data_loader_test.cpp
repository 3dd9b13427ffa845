#include "datasets/data_loader.h"

#include <omp.h>

#include <algorithm>
#include <numeric>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/check.h"

using namespace temper;

namespace {
// Sample i is the one byte i, or the one number i, with the label i % classes.
Dataset counted(int n, bool bytes = true) {
  Dataset data{.sample = {1}, .scale = 1, .classes = 10};
  for (int i = 0; i < n; ++i) {
    if (bytes)
      data.bytes.push_back(static_cast<std::uint8_t>(i));
    else
      data.numbers.push_back(static_cast<Real>(i));
    data.labels.push_back(i % 10);
  }
  return data;
}

// The samples of the next epoch, in its order.
std::vector<int> epoch(DataLoader& loader) {
  std::vector<int> order;
  for (const Batch& batch : loader)
    for (const Real x : batch.inputs.values()) order.push_back(static_cast<int>(x));
  return order;
}

std::vector<int> batch_sizes(DataLoader& loader) {
  std::vector<int> sizes;
  for (const Batch& batch : loader) sizes.push_back(batch.size());
  return sizes;
}

std::vector<int> up_to(int n) {
  std::vector<int> numbers(static_cast<std::size_t>(n));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}
}  // namespace

static_assert(std::ranges::input_range<DataLoader&>);

TEST_CASE("a loader refuses a temporary data set") {
  static_assert(std::is_constructible_v<DataLoader, Dataset&, DataLoaderOptions>);
  static_assert(std::is_constructible_v<DataLoader, const Dataset&, DataLoaderOptions, Rng&>);
  static_assert(!std::is_constructible_v<DataLoader, Dataset, DataLoaderOptions>);
  static_assert(!std::is_constructible_v<DataLoader, Dataset, DataLoaderOptions, Rng&>);
  static_assert(!std::is_constructible_v<DataLoader, const Dataset, DataLoaderOptions>);
  static_assert(!std::is_constructible_v<DataLoader, Dataset&, DataLoaderOptions, Rng>);
}

TEST_CASE("batches come in order, the last one may be smaller") {
  const Dataset data = counted(10);
  DataLoader loader(data, {.batch_size = 4});
  CHECK(loader.size() == 3);
  CHECK(loader.samples() == 10);
  for (int i = 0; i < 3; ++i) CHECK(epoch(loader) == up_to(10));
  CHECK(batch_sizes(loader) == std::vector{4, 4, 2});
}

TEST_CASE("drop_last leaves out the smaller batch, and only that") {
  const Dataset data = counted(10);
  DataLoader loader(data, {.batch_size = 4, .drop_last = true});
  CHECK(loader.size() == 2);
  CHECK(loader.samples() == 8);
  CHECK(epoch(loader) == up_to(8));
  DataLoader whole(data, {.batch_size = 5, .drop_last = true});
  CHECK(batch_sizes(whole) == std::vector{5, 5});
}

TEST_CASE("a batch larger than the data set is the data set") {
  const Dataset data = counted(10);
  DataLoader loader(data, {.batch_size = 2000000000});
  CHECK(batch_sizes(loader) == std::vector{10});
}

TEST_CASE("bytes become scale times byte plus shift, labels stay with their sample") {
  Dataset data = counted(200);
  data.scale = 0.5;
  data.shift = -3;
  Rng rng(1);
  DataLoader loader(data, {.batch_size = 64, .shuffle = true}, rng);
  int seen = 0;
  for (const Batch& batch : loader) {
    CHECK(batch.inputs.shape == Shape{batch.size(), 1});
    CHECK(batch.inputs.tape == nullptr);
    CHECK(batch.inputs.grad == nullptr);
    CHECK(batch.targets.data == nullptr);
    REQUIRE(batch.labels.size() == static_cast<std::size_t>(batch.size()));
    for (std::size_t i = 0; i < batch.labels.size(); ++i, ++seen)
      CHECK(static_cast<int>((batch.inputs.data[i] + 3) * 2) % 10 == batch.labels[i]);
  }
  CHECK(seen == 200);
}

TEST_CASE("by default a byte becomes a number from 0 to 1") {
  const Dataset data{.sample = {3}, .bytes = {0, 51, 255}, .labels = {0}, .classes = 1};
  DataLoader loader(data, {});
  for (const Batch& batch : loader) check_close(batch.inputs.values(), {0, 0.2, 1});
}

TEST_CASE("rows of numbers are targets as well as labels are") {
  const Dataset data{.sample = {1, 2},
                     .numbers = {1, 2, 3, 4, 5, 6},
                     .targets = {0.1f, 0.9f, 0.2f, 0.8f, 0.3f, 0.7f},
                     .classes = 2};
  DataLoader loader(data, {.batch_size = 2});
  auto batch = loader.begin();
  CHECK((*batch).inputs.shape == Shape{2, 1, 2});
  check_close((*batch).inputs.values(), {1, 2, 3, 4});
  CHECK((*batch).labels.empty());
  CHECK((*batch).targets.tape == nullptr);
  CHECK((*batch).targets.grad == nullptr);
  check_close((*batch).targets.values(), {0.1f, 0.9f, 0.2f, 0.8f});
  ++batch;
  CHECK((*batch).targets.shape == Shape{1, 2});
  check_close((*batch).inputs.values(), {5, 6});
  check_close((*batch).targets.values(), {0.3f, 0.7f});
}

TEST_CASE("samples without labels come in batches without labels or targets") {
  Dataset data = counted(10);
  data.labels.clear();
  for (const int classes : {0, 10}) {
    data.classes = classes;
    DataLoader loader(data, {.batch_size = 4});
    CHECK(epoch(loader) == up_to(10));
    for (const Batch& batch : loader) {
      CHECK(batch.labels.empty());
      CHECK(batch.targets.data == nullptr);
    }
  }
}

TEST_CASE("every shuffled epoch is another permutation") {
  const Dataset data = counted(1000, false);
  Rng rng(1);
  DataLoader loader(data, {.batch_size = 64, .shuffle = true}, rng);
  std::vector<std::vector<int>> orders;
  for (int e = 0; e < 3; ++e) {
    orders.push_back(epoch(loader));
    std::vector<int> sorted = orders.back();
    std::ranges::sort(sorted);
    CHECK(sorted == up_to(1000));
    CHECK(orders.back() != sorted);
  }
  CHECK(orders[0] != orders[1]);
  CHECK(orders[1] != orders[2]);
  CHECK(orders[0] != orders[2]);
}

TEST_CASE("the order of an epoch depends on the seed and its number alone") {
  const Dataset data = counted(1000, false);
  const auto third_epoch = [&](std::uint64_t seed, int batch_size, bool finish) {
    Rng rng(seed);
    DataLoader loader(data, {.batch_size = batch_size, .shuffle = true}, rng);
    for (int e = 0; e < 2; ++e) {
      if (finish)
        epoch(loader);
      else
        loader.begin();
    }
    return epoch(loader);
  };
  const std::vector<int> order = third_epoch(1, 64, true);
  CHECK(third_epoch(1, 64, true) == order);
  CHECK(third_epoch(1, 7, true) == order);
  CHECK(third_epoch(1, 64, false) == order);
  CHECK(third_epoch(2, 64, true) != order);

  Rng rng(1);
  DataLoader first(data, {.shuffle = true}, rng), second(data, {.shuffle = true}, rng);
  CHECK(epoch(first) != epoch(second));
}

TEST_CASE("with drop_last each epoch leaves out other samples") {
  const Dataset data = counted(100);
  Rng rng(1);
  DataLoader loader(data, {.batch_size = 64, .shuffle = true, .drop_last = true}, rng);
  std::vector<int> a = epoch(loader), b = epoch(loader);
  std::ranges::sort(a);
  std::ranges::sort(b);
  CHECK(std::ranges::adjacent_find(a) == a.end());
  CHECK(a != b);
}

TEST_CASE("a loader that was moved goes on") {
  const Dataset data = counted(10);
  DataLoader first(data, {.batch_size = 4});
  DataLoader second = std::move(first);
  CHECK(epoch(second) == up_to(10));
}

TEST_CASE("batches keep their memory from epoch to epoch") {
  const Dataset data = counted(1000);
  Rng rng(1);
  DataLoader loader(data, {.batch_size = 64, .shuffle = true}, rng);
  const Real* inputs = (*loader.begin()).inputs.data;
  const int* labels = (*loader.begin()).labels.data();
  for (int e = 0; e < 2; ++e) {
    for (const Batch& batch : loader) {
      CHECK(batch.inputs.data == inputs);
      CHECK(batch.labels.data() == labels);
    }
  }
}

TEST_CASE("batches have the same bits at any number of threads") {
  Dataset data{.sample = {1, 28, 28}, .shift = -0.3, .labels = std::vector<int>(300), .classes = 1};
  for (int i = 0; i < 300 * 784; ++i)
    data.bytes.push_back(static_cast<std::uint8_t>(mix(static_cast<std::uint64_t>(i))));
  const auto all = [&](int threads) {
    const int before = omp_get_max_threads();
    omp_set_num_threads(threads);
    Rng rng(1);
    DataLoader loader(data, {.batch_size = 128, .shuffle = true}, rng);
    std::vector<Real> numbers;
    for (const Batch& batch : loader)
      numbers.insert(numbers.end(), batch.inputs.data, batch.inputs.data + batch.inputs.size());
    omp_set_num_threads(before);
    return numbers;
  };
  const std::vector<Real> one = all(1);
  CHECK(one.size() == 300 * 784);
  CHECK(all(2) == one);
  CHECK(all(5) == one);
}

TEST_CASE("what a loader cannot do it refuses in one sentence") {
  const Dataset data = counted(10);
  Rng rng(1);
  CHECK_THROWS_WITH_AS(DataLoader(data, {.batch_size = 0}),
                       "data_loader: batch_size must be at least 1, got 0", ShapeError);
  CHECK_THROWS_WITH_AS(DataLoader(data, {.batch_size = -64}, rng),
                       "data_loader: batch_size must be at least 1, got -64", ShapeError);
  CHECK_THROWS_WITH_AS(DataLoader(data, {.shuffle = true}),
                       "data_loader: shuffle needs an Rng as the third argument", ShapeError);
  CHECK_THROWS_WITH_AS(
      DataLoader(data, {.batch_size = 11, .drop_last = true}),
      "data_loader: 10 samples are less than one batch of 11, drop_last leaves none", ShapeError);
  const Dataset empty{.sample = {784}, .classes = 10};
  CHECK_THROWS_WITH_AS(DataLoader(empty, {}), "dataset: no samples of [784]", ShapeError);
}
