// Softmax cross-entropy in lanes: 16 rows or pixels at a time, side by side. The faster way for few
// classes, and the only one for pixels.
#include <algorithm>

#include "../../core/buffer.h"
#include "cross_entropy_kernels.h"

namespace temper {
namespace {
// Up to 16 rows, or pixels of one image, from r on. Their numbers are copied to a tile, [class]
// [lane], and the passes go over that: in an image of 2ᵏ pixels the classes of a pixel are 2ᵏ
// numbers apart, and a cache holds few lines at such distances.
struct Group {
  std::size_t classes, inner, first, count;

  Group(const CrossEntropyArguments& p, std::size_t r, std::size_t end)
      : classes(p.classes),
        inner(p.inner),
        first(p.offset_of(r)),
        count(std::min({std::size_t{16}, end - r, inner == 1 ? end : inner - r % inner})) {}

  // f(l) for the lanes in use
  template <class F>
  [[gnu::always_inline]] void for_each_lane(F f) const {
    if (count == 16) return temper::for_each_lane(f);
    for (std::size_t l = 0; l < count; ++l) f(l);
  }
  // f(place in the tensor, place in the tile) for all numbers
  template <class F>
  [[gnu::always_inline]] void for_each(F f) const {
    inner == 1 ? walk(1, classes, f) : walk(inner, 1, f);
  }
  template <class F>
  [[gnu::always_inline]] void walk(std::size_t class_step, std::size_t lane_step, F f) const {
    for (std::size_t c = 0; c < classes; ++c)
      for_each_lane(
          [=, this](std::size_t l) { f(first + c * class_step + l * lane_step, 16 * c + l); });
  }
  [[gnu::always_inline]] void read(const Real* x, Real* tile) const {
    if (count < 16) std::fill_n(tile, 16 * classes, Real(0));
    for_each([=](std::size_t from, std::size_t to) { tile[to] = x[from]; });
  }
  [[gnu::always_inline]] void read_targets(const CrossEntropyArguments& p, std::size_t r,
                                           Real* tile) const {
    if (p.labels == nullptr) return read(p.probabilities, tile);
    if (count < 16) std::fill_n(tile, 16 * classes, Real(0));
    for (std::size_t l = 0; l < count; ++l) {
      const Real* row = p.target(r + l);
      for (std::size_t c = 0; c < classes; ++c) tile[16 * c + l] = row[c];
    }
  }
};

// Adds e^(z - max) to the rest, but for the 1 of a largest logit: that is counted in ties.
[[gnu::always_inline]] inline void add_exponential(Real z, Real max, Real& rest, Real& ties) {
  const Real tie = z == max ? Real(1) : Real(0);
  rest += exp_below(z == max ? 0 : z - max) - tie;
  ties += tie;
}

// The target of class c in lane l: from a tile, or from a label.
template <bool soft>
[[gnu::always_inline]] inline Real target(const Real* tile, const int* labels, std::size_t c,
                                          std::size_t l) {
  return soft ? tile[16 * c + l] : labels[l] == static_cast<int>(c) ? Real(1) : Real(0);
}

template <bool soft>
void forward(const CrossEntropyArguments& p, std::size_t begin, std::size_t end, Real* z, Real* t) {
  vectorized([&] {
    for (std::size_t r = begin, count = 0; r < end; r += count) {
      const Group group(p, r, end);
      count = group.count;
      group.read(p.logits, z);
      int label[16] = {};
      if (soft)
        group.read_targets(p, r, t);
      else
        group.for_each_lane([&](std::size_t l) { label[l] = p.labels[r + l]; });
      Lanes max, rest{}, ties{}, gaps{}, row_weight{}, total{};
      std::fill_n(max, 16, -std::numeric_limits<Real>::infinity());
      for (std::size_t c = 0; c < p.classes; ++c)
        for_each_lane([&](std::size_t l) {
          const Real x = z[16 * c + l];
          max[l] = x > max[l] ? x : max[l];
        });
      for (std::size_t c = 0; c < p.classes; ++c)
        for_each_lane(
            [&, w = p.weights[c], s = p.smoothing[c], share = p.one_minus_epsilon](std::size_t l) {
              const Real x = z[16 * c + l], y = target<soft>(t, label, c, l);
              add_exponential(x, max[l], rest[l], ties[l]);
              gaps[l] += times_gap(share * w * y + s, max[l], x);
              row_weight[l] += w * y;
              if (soft) total[l] += probability_or_nan(y);
            });
      group.for_each_lane([&](std::size_t l) {
        store(p, r + l, max[l], rest[l] + (ties[l] - 1), gaps[l], row_weight[l],
              soft ? total[l] : 1);
      });
      if (p.ignore_index)
        for (std::size_t l = 0; l < count; ++l)
          if (p.ignored(r + l)) ignore(p, r + l);
    }
  });
}

template <bool soft>
void backward(const CrossEntropyArguments& p, Real* dz, const Real* dy, bool one_dy, Real scale,
              std::size_t begin, std::size_t end, Real* z, Real* t) {
  vectorized([&] {
    for (std::size_t r = begin, count = 0; r < end; r += count) {
      const Group group(p, r, end);
      count = group.count;
      group.read(p.logits, z);
      int label[16] = {};
      if (soft)
        group.read_targets(p, r, t);
      else
        group.for_each_lane([&](std::size_t l) { label[l] = p.labels[r + l]; });
      Lanes max{}, g{}, a{};
      group.for_each_lane([&](std::size_t l) {
        max[l] = p.max[r + l];
        g[l] = p.target_sum[r + l] == 0 ? 0 : (one_dy ? dy[0] : dy[r + l]) * scale;
        a[l] = g[l] * p.target_sum[r + l] / (1 + p.rest[r + l]);
      });
      for (std::size_t c = 0; c < p.classes; ++c)
        for_each_lane([&, w = p.weights[c], s = p.smoothing[c],
                       share = p.one_minus_epsilon](std::size_t l) {
          const Real y = target<soft>(t, label, c, l);
          const Real slope = a[l] * exp_below(z[16 * c + l] - max[l]) - g[l] * (share * w * y + s);
          z[16 * c + l] = g[l] == 0 ? 0 : slope;
        });
      group.for_each([=](std::size_t to, std::size_t from) { dz[to] += z[from]; });
    }
  });
}

thread_local Scratch scratch{"cross_entropy"};
}  // namespace

extern const CrossEntropyKernel cross_entropy_lanes{
    16,
    [](const CrossEntropyArguments& p, std::size_t begin, std::size_t end) {
      Real *z = scratch.at_least(32 * p.classes), *t = z + 16 * p.classes;
      (p.targets == Targets::probabilities ? forward<true> : forward<false>)(p, begin, end, z, t);
      add_log_sums(p, begin, end);
    },
    [](const CrossEntropyArguments& p, Real* dz, const Real* dy, bool one_dy, Real scale,
       std::size_t begin, std::size_t end) {
      Real *z = scratch.at_least(32 * p.classes), *t = z + 16 * p.classes;
      (p.targets == Targets::probabilities ? backward<true> : backward<false>)(p, dz, dy, one_dy,
                                                                               scale, begin, end, z,
                                                                               t);
    }};
}  // namespace temper
