#include "arena.h"

#include "parallel.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

namespace temper {
constexpr std::size_t alignment = 64;
constexpr std::size_t smallest_block = 1 << 16;

// All bits set is NaN, in float as in double.
static void fill_with_nan([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#ifndef NDEBUG
  std::memset(memory, 0xff, bytes);
#endif
}

void* Arena::allocate(std::size_t bytes, const char* what_for) {
  bytes = (bytes + alignment - 1) / alignment * alignment;
  if (blocks_.empty() || blocks_.back().used + bytes > blocks_.back().memory.size()) {
    const std::size_t size = std::max({bytes, capacity(), smallest_block});
    blocks_.push_back({Buffer<std::byte>::uninitialized(size, what_for)});
  }
  Block& block = blocks_.back();
  void* memory = block.memory.data() + block.used;
  block.used += bytes;
  ASAN_UNPOISON_MEMORY_REGION(memory, bytes);
  fill_with_nan(memory, bytes);
  return memory;
}

void Arena::zero() {
  for (const Block& block : blocks_)
    for_each_block(block.used, 1 << 16, 1, [&block](std::size_t begin, std::size_t end) {
      std::memset(block.memory.data() + begin, 0, end - begin);
    });
}

void Arena::clear() {
  if (blocks_.size() > 1) {
    const std::size_t total = capacity();
    blocks_.clear();  // before the new block is made: the peak stays low
    blocks_.push_back({Buffer<std::byte>::uninitialized(total, "tape")});
  }
  for (Block& block : blocks_) {
    fill_with_nan(block.memory.data(), block.used);
    ASAN_POISON_MEMORY_REGION(block.memory.data(), block.memory.size());
    block.used = 0;
  }
}

std::size_t Arena::capacity() const {
  std::size_t total = 0;
  for (const Block& block : blocks_) total += block.memory.size();
  return total;
}
}  // namespace temper
