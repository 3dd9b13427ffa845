// Gathers the samples of a batch, converts and augments them.
#include "data_loader.h"

#include <functional>
#include <numeric>

#include "../core/parallel.h"

namespace temper {
// Row i of `to` becomes convert(row rows[i] of `from`), number by number.
template <class T, class Convert = std::identity>
static void gather(std::span<const int> rows, const T* from, std::size_t length, Real* to,
                   Convert convert = {}) {
  const auto row = [=](std::size_t i) { return from + static_cast<std::size_t>(rows[i]) * length; };
  for_each_row(rows.size(), length, [=](std::size_t i) {
    if (i + 2 < rows.size()) {  // shuffled rows are not in the cache: asking early saves a third
      for (std::size_t j = 0; j < length; j += 64 / sizeof(T)) __builtin_prefetch(row(i + 2) + j);
    }
    run_range(0, length,
              [=, in = row(i), out = to + i * length](std::size_t j) { out[j] = convert(in[j]); });
  });
}

// What must not change under a loader: how far its memory and its indices reach.
static std::array<std::size_t, 6> counts(const Dataset& d) {
  return {d.sample.size(), d.bytes.size(),   d.numbers.size(),
          d.labels.size(), d.targets.size(), static_cast<std::size_t>(d.classes)};
}

DataLoader::DataLoader(const Dataset& data, DataLoaderOptions options)
    : DataLoader(data, options, std::uint64_t{0}) {
  require(!options.shuffle, "data_loader: shuffle needs an Rng as the third argument");
  require(options.augmentation == Augmentation{},
          "data_loader: augmentation needs an Rng as the third argument");
}

DataLoader::DataLoader(const Dataset& data, DataLoaderOptions options, std::uint64_t seed)
    : data_(&data), options_(options), seed_(seed) {
  require(options.batch_size >= 1, "data_loader: batch_size must be at least 1, got ",
          options.batch_size);
  data.check();
  counts_ = counts(data);
  const int n = data.size();
  require(!options.drop_last || options.batch_size <= n, "data_loader: ", n,
          " samples are less than one batch of ", options.batch_size, ", drop_last leaves none");
  options.augmentation.check();
  if (options.augmentation != Augmentation{}) image_ = image_shape(data.sample);
  options_.batch_size = std::min(options.batch_size, n);
  batches_ = (n + (options.drop_last ? 0 : options_.batch_size - 1)) / options_.batch_size;
  order_.resize(static_cast<std::size_t>(n));
  std::iota(order_.begin(), order_.end(), 0);
}

DataLoader::Iterator DataLoader::begin() {
  if (options_.shuffle) Rng(random_bits(seed_, epoch_)).shuffle(std::span<int>(order_));
  ++epoch_;
  load(0);
  return {.loader = this};
}

void DataLoader::load(int index) {
  require(counts_ == counts(*data_), "data_loader: the data's size has changed: make a new loader");
  batch_ = {};  // so that its memory is free, if nobody else has it
  const std::size_t length = data_->sample.size();
  const auto classes = static_cast<std::size_t>(data_->classes);
  auto free = std::ranges::find_if(memories_, [](auto& memory) { return memory.use_count() == 1; });
  if (free == memories_.end()) {
    const auto most = static_cast<std::size_t>(options_.batch_size);
    const auto memory = std::make_shared<Memory>();
    memory->inputs = Buffer<Real>(most * length, "data_loader");
    if (!data_->targets.empty()) memory->targets = Buffer<Real>(most * classes, "data_loader");
    memory->labels.resize(most);
    free = memories_.insert(free, memory);
  }
  Memory& memory = **free;
  Real *inputs = memory.inputs.data(), *targets = memory.targets.data();
  batch_.memory = *free;
  const int first = index * options_.batch_size;
  const int n = std::min(options_.batch_size, data_->size() - first);
  const std::span<const int> rows(order_.data() + first, static_cast<std::size_t>(n));
  const auto scale = static_cast<Real>(data_->scale), shift = static_cast<Real>(data_->shift);
  if (data_->bytes.empty())
    gather(rows, data_->numbers.data(), length, inputs);
  else
    gather(rows, data_->bytes.data(), length, inputs,
           [=](std::uint8_t byte) { return scale * static_cast<Real>(byte) + shift; });
  // Not by a thread that works ahead, which is slower: training leaves it no core of its own.
  if (options_.augmentation != Augmentation{})
    for_each_row(rows.size(), 32 * length, [=, this](std::size_t i) {
      const auto seed = random_bits(random_bits(seed_, epoch_), std::uint64_t(rows[i]));
      augment(options_.augmentation, image_, data_->bytes.empty() ? 0 : shift, seed,
              inputs + i * length);
    });
  batch_.inputs = {.shape = data_->sample.batched(n), .data = inputs, .owner = &memory};

  if (!data_->targets.empty()) {
    gather(rows, data_->targets.data(), classes, targets);
    batch_.targets = {.shape = {n, data_->classes}, .data = targets, .owner = &memory};
  } else if (!data_->labels.empty()) {
    std::ranges::transform(rows, memory.labels.begin(),
                           [labels = data_->labels.data()](int row) { return labels[row]; });
    batch_.labels = {memory.labels.data(), rows.size()};
  }
}
}  // namespace temper
