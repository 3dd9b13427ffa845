// Buffer: owned memory, aligned to a cache line. It moves, it does not copy. Scratch: one to reuse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>

#include "error.h"
#include "real.h"

namespace temper {
// Elements start as zero unless made with Buffer::uninitialized. Both throw OutOfMemory, which says
// what the memory was for.
template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Buffer() = default;
  explicit Buffer(std::size_t size, const char* what_for = "buffer")
      : Buffer(uninitialized(size, what_for)) {
    if (size > 0) std::memset(data(), 0, size * sizeof(T));
  }
  static Buffer uninitialized(std::size_t size, const char* what_for = "buffer") {
    Buffer buffer;
    const std::size_t bytes = size <= SIZE_MAX / sizeof(T) ? size * sizeof(T) : SIZE_MAX;
    buffer.memory_.reset(static_cast<T*>(::operator new(bytes, alignment, std::nothrow)));
    if (!buffer.memory_) throw OutOfMemory(what_for, bytes);
    buffer.size_ = size;
    return buffer;
  }

  T* data() const { return memory_.get(); }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) const { return memory_.get()[i]; }

 private:
  static constexpr std::align_val_t alignment{64};
  struct Delete {
    void operator()(T* p) const { ::operator delete(p, alignment); }
  };
  std::unique_ptr<T, Delete> memory_;
  std::size_t size_ = 0;
};

// What a thread keeps from one call of an op to the next: thread_local Scratch columns{"conv2d"};
class Scratch {
 public:
  explicit Scratch(const char* op) : op_(op) {}

  // Uninitialized memory for so many numbers; what was handed out before is no longer valid.
  Real* at_least(std::size_t size) {
    if (memory_.size() < size) memory_ = Buffer<Real>::uninitialized(size, op_);
    return memory_.data();
  }

 private:
  const char* op_;
  Buffer<Real> memory_;
};
}  // namespace temper
