// Labels: the class of each sample, as a number.
#pragma once

#include <algorithm>
#include <optional>
#include <span>

#include "error.h"

namespace temper {
using Labels = std::span<const int>;

// Throws ShapeError, beginning with the name of the caller, unless each label is one of the classes
// 0 … classes - 1 or the one that is ignored. The sentence says whose classes these are ("logits")
// and, where there is more to say of label i than its number, what place(i) gives.
template <class Place = const char* (*)(std::size_t)>
void check_labels(
    const char* caller, Labels labels, int classes, const char* whose = nullptr,
    std::optional<int> ignored = {}, Place place = [](std::size_t) { return ""; }) {
  const auto is_bad = [=](int y) { return (y < 0 || y >= classes) && ignored != y; };
  const auto bad = std::ranges::find_if(labels, is_bad);
  if (bad == labels.end()) return;
  const auto i = static_cast<std::size_t>(bad - labels.begin());
  const std::string are = whose == nullptr ? "there are " : whose + std::string(" have ");
  const char* unit = whose == nullptr ? "" : classes == 1 ? " class" : " classes";
  fail<ShapeError>(caller, ": label[", i, "]", place(i), " = ", *bad, " is not a class: ", are,
                   classes, unit, " (0..", classes - 1, ")");
}
}  // namespace temper
