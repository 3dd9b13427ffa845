// Buffer: owned memory, aligned to a cache line. It moves, it does not copy. Scratch: one to reuse.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>

#include "real.h"

namespace temper {
// Elements start as zero unless made with Buffer::uninitialized.
template <class T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Buffer() = default;
  explicit Buffer(std::size_t size) : Buffer(uninitialized(size)) {
    if (size > 0) std::memset(data(), 0, size * sizeof(T));
  }
  static Buffer uninitialized(std::size_t size) {
    Buffer buffer;
    buffer.memory_.reset(static_cast<T*>(::operator new(size * sizeof(T), alignment)));
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

// Memory that a thread keeps from one call of a function to the next: thread_local Scratch columns;
class Scratch {
 public:
  // Uninitialized memory for so many numbers; what was handed out before is no longer valid.
  Real* at_least(std::size_t size) {
    if (memory_.size() < size) memory_ = Buffer<Real>::uninitialized(size);
    return memory_.data();
  }

 private:
  Buffer<Real> memory_;
};
}  // namespace temper
