// DataLoader: a data set as a sequence of batches.
#pragma once

#include <array>
#include <iterator>

#include "../core/buffer.h"
#include "augmentation.h"
#include "dataset.h"

namespace temper {
struct DataLoaderOptions {
  int batch_size = 1;              // at least 1; the last batch of an epoch may be smaller
  bool shuffle = false;            // anew for each epoch; needs an Rng
  bool drop_last = false;          // leave out the last batch if it is smaller
  Augmentation augmentation = {};  // of samples that are images, see image_shape(); needs an Rng
};

// for (const Batch& batch : loader) runs through one epoch and allocates nothing, unless batches
// are still in use (see Batch); each begin() starts the next. The order of epoch e depends on the
// seed and e alone, how a sample is augmented on its number in the data set, too. Throws ShapeError
// for a data set that does not pass check() and for options that do not fit, and later for one that
// has another size by then. One thread at a time.
class DataLoader {
 public:
  // The data set is not copied: it must outlive the loader, so a temporary is refused.
  DataLoader(const Dataset& data, DataLoaderOptions options);
  DataLoader(const Dataset& data, DataLoaderOptions options, Rng& rng)  // draws a seed from rng
      : DataLoader(data, options, rng.next()) {}
  DataLoader(const Dataset&&, DataLoaderOptions, auto&...) = delete;

  int size() const { return batches_; }  // batches per epoch
  int samples() const { return std::min(batches_ * options_.batch_size, data_->size()); }

  struct Iterator {
    using value_type = Batch;
    using difference_type = std::ptrdiff_t;

    const Batch& operator*() const { return loader->batch_; }
    Iterator& operator++() {
      if (++index < loader->batches_) loader->load(index);
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return index >= loader->size(); }

    DataLoader* loader;
    int index = 0;
  };
  Iterator begin();  // throws away what is left of an epoch that was not run through
  std::default_sentinel_t end() const { return {}; }

 private:
  DataLoader(const Dataset& data, DataLoaderOptions options, std::uint64_t seed);
  void load(int index);  // fills the batch

  struct Memory : Owner {
    Buffer<Real> inputs, targets;
    std::vector<int> labels;
  };

  const Dataset* data_;
  DataLoaderOptions options_;
  std::uint64_t seed_, epoch_ = 0;
  int batches_ = 0;
  std::array<std::size_t, 6> counts_{};  // of the data set
  Shape image_;                          // [c, h, w], if samples are augmented
  std::vector<int> order_;
  std::vector<std::shared_ptr<Memory>> memories_;  // each of one batch
  Batch batch_;
};
}  // namespace temper
