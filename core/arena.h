// Arena: memory that is handed out piece by piece and taken back all at once.
#pragma once

#include <vector>

#include "buffer.h"

namespace temper {
// After the first rounds of allocate() and clear(), all memory is one block and nothing is
// allocated any more (merging blocks is DyNet's idea; Neubig et al., 2017). One thread at a time.
class Arena {
 public:
  // Uninitialized memory, aligned for vectors (64 bytes), valid until clear(). Debug builds fill it
  // with NaN, so that an op that forgets an element is noticed.
  void* allocate(std::size_t bytes, const char* what_for = "arena");

  // Sets all memory handed out since the last clear() to zero.
  void zero();

  // Takes everything back. Debug builds fill it with NaN and ASan builds poison it.
  void clear();

  std::size_t capacity() const;

 private:
  struct Block {
    Buffer<std::byte> memory;
    std::size_t used = 0;
  };
  std::vector<Block> blocks_;  // the last one is in use
};
}  // namespace temper
