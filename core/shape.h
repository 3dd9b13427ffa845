// Shape: the lengths of a tensor's axes, [64, 784].
#pragma once

#include <algorithm>
#include <cstdint>

#include "error.h"

namespace temper {
// The product of lengths, where 0 counts as 1; in double, which does not wrap.
double extent(auto... lengths) { return (1.0 * ... * std::max(1.0, static_cast<double>(lengths))); }

// A value of at most four axes, row-major: the last axis is contiguous. [] is a scalar. Throws
// ShapeError for a length that is no int >= 0, and for more than 2^60 elements: no size wraps.
class Shape {
 public:
  static constexpr int max_rank = 4;

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> lengths) {
    for (const std::int64_t length : lengths) append(length);
  }

  int rank() const { return rank_; }

  // An axis counted from the front: 0 … rank - 1; op is for the message that there is no such axis.
  int index(int axis, const char* op = "shape") const {
    const int i = axis < 0 ? axis + rank_ : axis;
    require(i >= 0 && i < rank_, op, ": ", *this, " has no axis ", axis);
    return i;
  }

  // The length of an axis; -1 is the last one.
  int operator[](int axis) const { return lengths_[index(axis)]; }

  // The tensor seen as a matrix: the last axis gives the columns, all others together the rows.
  std::size_t columns() const { return rank_ == 0 ? 1 : at(rank_ - 1); }
  std::size_t rows() const {
    std::size_t product = 1;
    for (int i = 0; i + 1 < rank_; ++i) product *= at(i);
    return product;
  }
  std::size_t size() const { return rows() * columns(); }  // the number of elements

  // The same shape with one axis of another length, or without it.
  Shape with(int axis, std::int64_t length) const {
    Shape result;
    for (int i = 0; i < rank_; ++i) result.append(i == index(axis) ? length : (*this)[i]);
    return result;
  }
  Shape without(int axis) const {
    Shape result;
    for (int i = 0; i < rank_; ++i)
      if (i != index(axis)) result.append((*this)[i]);
    return result;
  }
  // The same shape with one more axis in front: [784] -> [64, 784].
  Shape batched(std::int64_t n) const {
    Shape result{n};
    for (int i = 0; i < rank_; ++i) result.append((*this)[i]);
    return result;
  }

  friend bool operator==(const Shape&, const Shape&) = default;

  friend std::ostream& operator<<(std::ostream& out, const Shape& shape) {
    out << '[';
    for (int i = 0; i < shape.rank_; ++i) out << (i > 0 ? ", " : "") << shape.at(i);
    return out << ']';
  }

 private:
  std::size_t at(int i) const {
    return static_cast<std::size_t>(lengths_[static_cast<std::size_t>(i)]);
  }
  void append(std::int64_t length) {
    require(length == std::clamp<std::int64_t>(length, 0, 0x7fffffff),
            "shape: an axis cannot have length ", length, " (0..2147483647)");
    require(rank_ < max_rank, "shape: at most 4 axes are supported");
    lengths_[rank_++] = static_cast<int>(length);
    require(extent(lengths_[0], lengths_[1], lengths_[2], lengths_[3]) <= 0x1p60, "shape: ", *this,
            " has more than 2^60 elements");
  }

  int lengths_[max_rank] = {};
  int rank_ = 0;
};
}  // namespace temper
