// DataLoader: a data set as a sequence of batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include "../core/buffer.h"
#include "../core/random.h"
#include "dataset.h"

namespace temper::inline TEMPER_PRECISION {

struct DataLoaderOptions {
  int batch_size = 1;
  bool shuffle = false;    // anew for each epoch; needs an Rng
  bool drop_last = false;  // leave out the last batch if it is smaller
};

// for (const Batch& batch : loader) runs through one epoch and allocates nothing. The order of
// epoch e is a function of the seed and e alone. The data set must outlive the loader. One thread
// at a time.
class DataLoader {
 public:
  DataLoader(const Dataset& data, DataLoaderOptions options);
  DataLoader(const Dataset& data, DataLoaderOptions options,
             Rng& rng);  // draws one number, keeps no reference
  DataLoader(const Dataset&&,
             DataLoaderOptions) = delete;  // a temporary would not live long enough
  DataLoader(const Dataset&&, DataLoaderOptions, Rng&) = delete;

  int size() const;     // batches per epoch
  int samples() const;  // samples per epoch

  class Iterator {
   public:
    using value_type = Batch;
    using difference_type = std::ptrdiff_t;
    const Batch& operator*() const { return loader_->batch_; }
    Iterator& operator++();
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& i, std::default_sentinel_t) {
      return i.index_ >= i.loader_->size();
    }

   private:
    friend class DataLoader;
    explicit Iterator(DataLoader* loader);
    DataLoader* loader_;
    int index_ = 0;
  };
  Iterator begin();  // starts the next epoch
  std::default_sentinel_t end() const { return {}; }

 private:
  void load(int index);  // fills the batch

  const Dataset* data_;
  DataLoaderOptions options_;
  std::uint64_t seed_ = 0;
  int epoch_ = 0;
  std::vector<int> order_;
  Buffer<Real> inputs_, targets_;
  std::vector<int> labels_;
  Batch batch_;
};

}  // namespace temper::inline TEMPER_PRECISION
