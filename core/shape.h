// Shape: the lengths of a tensor's axes, [64, 784].
#pragma once

#include <array>
#include <initializer_list>
#include <ostream>

#include "error.h"

namespace temper {
// A value of at most four axes, row-major: the last axis is contiguous. [] is a scalar.
class Shape {
 public:
  static constexpr int max_rank = 4;

  Shape() = default;
  Shape(std::initializer_list<int> lengths) {
    for (int length : lengths) append(length);
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
  Shape with(int axis, int length) const {
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
  Shape batched(int n) const {
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
  void append(int length) {
    require(length >= 0, "shape: an axis cannot have length ", length);
    require(rank_ < max_rank, "shape: at most 4 axes are supported");
    lengths_[rank_++] = length;
  }

  int lengths_[max_rank] = {};
  int rank_ = 0;
};
}  // namespace temper
