// Errors: one sentence that names the operation, the shapes and the rule.
#pragma once

#include <cstdio>
#include <new>
#include <sstream>
#include <stdexcept>

namespace temper {
// Thrown for arguments that do not fit: shapes, labels, options.
struct ShapeError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

// Thrown when memory runs out, on whichever thread: "conv2d: no memory for 8589934592 bytes".
class OutOfMemory : public std::bad_alloc {
 public:
  OutOfMemory(const char* what_for, std::size_t bytes) noexcept {
    std::snprintf(text_, sizeof text_, "%s: no memory for %zu bytes", what_for, bytes);
  }
  const char* what() const noexcept override { return text_; }

 private:
  char text_[120];
};

// The parts joined to one text: to_string("Linear(", 784, ", ", 128, ")").
template <class... Parts>
std::string to_string(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

template <class Error, class... Parts>
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] void fail(const Parts&... parts) {
  throw Error(to_string(parts...));
}

// Throws ShapeError with the parts joined to one sentence, unless the condition holds.
template <class... Parts>
void require(bool condition, const Parts&... parts) {
  if (!condition) [[unlikely]]
    fail<ShapeError>(parts...);
}
}  // namespace temper
