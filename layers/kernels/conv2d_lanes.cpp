// Convolution at stride 1 of eight images at once, one in each lane of a vector: every sum runs
// over the images side by side, so no place of a narrow image is wasted and no columns are written
// (the layout "CHWN" of cuda-convnet; Krizhevsky 2012). What a sum needs stays in registers.
#include <algorithm>
#include <type_traits>

#include "../../core/parallel.h"
#include "conv2d_kernels.h"

namespace temper {

namespace {
constexpr int lanes = 8;
using Vector [[gnu::vector_size(lanes * sizeof(Real)), gnu::may_alias]] = Real;

// Planes [channels, height, width] of eight images, with columns of zeros on both sides.
struct Planes {
  int channels, height, width, margin;
  Vector* data;

  int row() const { return width + 2 * margin; }
  std::size_t plane() const { return Convolution::area(height, row()); }
  std::size_t size() const { return static_cast<std::size_t>(channels) * plane(); }
  Vector* at(int c, int y) const {
    return data + static_cast<std::size_t>(c) * plane() + Convolution::area(y, row());
  }
};

Planes make_planes(Scratch& memory, int channels, int height, int width, int margin) {
  Planes p{channels, height, width, margin, nullptr};
  p.data = reinterpret_cast<Vector*>(memory.at_least(p.size() * lanes));
  return p;
}

// vectors[i] = pixel i of n images, which lie `step` apart; 0 for those that are missing.
void gather(int n, const Real* pixels, std::size_t step, std::size_t count, Vector* vectors) {
  vectorized([=] {
    Real* to = reinterpret_cast<Real*>(vectors);
    if (n == lanes)
      for (std::size_t i = 0; i < count; ++i)
        for (std::size_t l = 0; l < lanes; ++l) to[lanes * i + l] = pixels[l * step + i];
    else
      for (std::size_t i = 0; i < count; ++i)
        for (std::size_t l = 0; l < lanes; ++l)
          to[lanes * i + l] = l < static_cast<std::size_t>(n) ? pixels[l * step + i] : 0;
  });
}

// pixel i of n images = vectors[i], or += it
template <bool add>
void scatter(int n, const Vector* vectors, std::size_t count, Real* pixels, std::size_t step) {
  vectorized([=] {
    const Real* from = reinterpret_cast<const Real*>(vectors);
    if (n == lanes) TEMPER_VECTORS
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t l = 0; l < lanes; ++l)
        pixels[l * step + i] = from[lanes * i + l] + (add ? pixels[l * step + i] : 0);
    else for (std::size_t l = 0; l < static_cast<std::size_t>(n);
              ++l) for (std::size_t i = 0; i < count; ++i) pixels[l * step + i] =
        from[lanes * i + l] + (add ? pixels[l * step + i] : 0);
  });
}

// The planes of n images [channels, height, width], which lie `step` apart.
void load(int n, const Real* images, std::size_t step, const Planes& p) {
  if (p.margin == 0) return gather(n, images, step, p.size(), p.data);
  std::fill_n(p.data, p.size(), Vector{});
  for (int c = 0; c < p.channels; ++c)
    for (int y = 0; y < p.height; ++y)
      gather(n, images + Convolution::area(c * p.height + y, p.width), step,
             static_cast<std::size_t>(p.width), p.at(c, y) + p.margin);
}

// f(constant n) for a number n of 1 … most, so that loops up to it are unrolled into registers.
template <int most, class F>
void with_constant(int n, F f) {
  if (n == most)
    f(std::integral_constant<int, most>{});
  else if constexpr (most > 1)
    with_constant<most - 1>(n, f);
}

// f(first, count) for all of n, in parts of nearly equal size.
template <class F>
void for_each_part(int n, int most, F f) {
  const int parts = (n + most - 1) / most;
  for (int p = 0; p < parts; ++p) f(p * n / parts, (p + 1) * n / parts - p * n / parts);
}
constexpr int most_outputs = 6;  // by two places: 12 sums in registers, two pixels and a weight

// A correlation of planes x with a kernel [kh, kw] that begins `top` rows above them.
struct Correlation {
  Planes x;
  int kh, kw, top, oh, ow;

  int window() const { return x.channels * kh * kw; }
};

// The sums at `places` neighbouring places of row oy, for some outputs. They begin with the first
// row of w [1 + window, outputs].
template <int outputs, int places>
[[gnu::always_inline]] inline void correlate_at(const Correlation& s, int oy, int ox, const Real* w,
                                                Vector* y) {
  const int begin = std::max(0, s.top - oy), end = std::min(s.kh, s.x.height + s.top - oy);
  Vector sum[outputs][places] = {};
  for (int o = 0; o < outputs; ++o)
    for (int p = 0; p < places; ++p) sum[o][p] += w[o];
  for (int c = 0; c < s.x.channels; ++c) {
    for (int i = begin; i < end; ++i) {
      const Vector* x = s.x.at(c, oy - s.top + i) + ox;
      const Real* tap = w + (1 + (c * s.kh + i) * s.kw) * outputs;
      for (int j = 0; j < s.kw; ++j, tap += outputs)
        for (int o = 0; o < outputs; ++o)
          for (int p = 0; p < places; ++p) sum[o][p] += tap[o] * x[j + p];
    }
  }
  for (int o = 0; o < outputs; ++o)
    for (int p = 0; p < places; ++p) y[(o * s.oh + oy) * s.ow + ox + p] = sum[o][p];
}

template <int outputs>
void correlate(const Correlation& s, const Real* w, Vector* y) {
  vectorized([=] {
    for (int oy = 0; oy < s.oh; ++oy) {
      int ox = 0;
      for (; ox + 2 <= s.ow; ox += 2) correlate_at<outputs, 2>(s, oy, ox, w, y);
      if (ox < s.ow) correlate_at<outputs, 1>(s, oy, ox, w, y);
    }
  });
}

// images [out, oh, ow] = the correlation, or += it, with first(output) added to the sums over the
// weights at(output, number in the window)
template <bool add, class First, class At>
void correlate_images(const Correlation& s, int out, First first, At at, int n, Real* images,
                      std::size_t step) {
  const int places = s.oh * s.ow, most = std::min(out, most_outputs);
  count_multiply_adds(std::int64_t{n} * out * places * s.window());
  thread_local Scratch sums{"conv2d"}, weights{"conv2d"};
  auto* y = reinterpret_cast<Vector*>(sums.at_least(Convolution::area(most, places) * lanes));
  Real* w = weights.at_least(Convolution::area(most, 1 + s.window()));
  for_each_part(out, most_outputs, [&](int begin, int count) {
    for (int o = 0; o < count; ++o) {
      w[o] = first(begin + o);
      for (int k = 0; k < s.window(); ++k) w[(1 + k) * count + o] = at(begin + o, k);
    }
    with_constant<most_outputs>(count, [&](auto outputs) { correlate<outputs>(s, w, y); });
    scatter<add>(n, y, Convolution::area(count, places), images + Convolution::area(begin, places),
                 step);
  });
}

// dw[o, j] += Σ dy[o] x over all places and images, for a few outputs from o on and a few weights
// of row i of the kernel on channel c, from j on.
template <int outputs, int weights>
void add_weight_gradient(const Correlation& s, const Planes& dy, int o, int c, int i, int j,
                         Real* dw) {
  vectorized([=] {
    Vector sum[outputs][weights] = {};
    for (int oy = std::max(0, s.top - i); oy < std::min(s.oh, s.x.height + s.top - i); ++oy) {
      const Vector* x = s.x.at(c, oy - s.top + i) + j;
      const Vector* g = dy.at(o, oy) + dy.margin;
      for (int ox = 0; ox < s.ow; ++ox, ++x, ++g)
        for (int a = 0; a < outputs; ++a)
          for (int b = 0; b < weights; ++b)
            sum[a][b] += g[static_cast<std::size_t>(a) * dy.plane()] * x[b];
    }
    for (int a = 0; a < outputs; ++a)
      for (int b = 0; b < weights; ++b) {
        const Vector v = sum[a][b];
        dw[a * s.window() + b] += ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
      }
  });
}

Correlation load_correlation(const Convolution& s, int n, const Real* x) {
  const int pad = s.padding;
  thread_local Scratch memory{"conv2d"};
  const Correlation c{
      make_planes(memory, s.in, s.height, s.width, pad), s.kh, s.kw, pad, s.oh, s.ow};
  load(n, x, s.image(), c.x);
  return c;
}

void forward(const Convolution& s, int n, const Real* x, const Real* weight, const Real* bias,
             Real* y) {
  correlate_images<false>(
      load_correlation(s, n, x), s.out, [=](int o) { return bias == nullptr ? Real(0) : bias[o]; },
      [=, window = s.window()](int o, int k) { return weight[o * window + k]; }, n, y, s.result());
}

void backward(const Convolution& s, int n, const Real* x, const Real* weight, const Real* dy,
              Real* dx, Real* dweight) {
  // dx is a correlation of dy with the kernel turned round, at all places where it meets dy
  const int top = s.kh - 1 - s.padding, left = s.kw - 1 - s.padding;
  thread_local Scratch memory{"conv2d"};
  const Planes g = make_planes(memory, s.out, s.oh, s.ow, left);
  load(n, dy, s.result(), g);
  if (dweight != nullptr) {
    const Correlation forward = load_correlation(s, n, x);
    count_multiply_adds(std::int64_t{n} * s.out * s.places() * s.window());
    for_each_part(s.out, 4, [&](int o, int outputs) {  // by three weights: 12 sums in registers
      for (int c = 0; c < s.in; ++c)
        for (int i = 0; i < s.kh; ++i)
          for_each_part(s.kw, 3, [&](int j, int weights) {
            Real* dw = dweight + o * s.window() + (c * s.kh + i) * s.kw + j;
            with_constant<4>(outputs, [&](auto a) {
              with_constant<3>(
                  weights, [&](auto b) { add_weight_gradient<a, b>(forward, g, o, c, i, j, dw); });
            });
          });
    });
  }
  if (dx == nullptr) return;
  const int taps = s.kh * s.kw;
  correlate_images<true>(
      {g, s.kh, s.kw, top, s.height, s.width}, s.in, [](int) { return Real(0); },
      [=, in = s.in](int c, int k) {
        return weight[(k / taps * in + c) * taps + taps - 1 - k % taps];
      },
      n, dx, s.image());
}
}  // namespace

const ConvolutionKernel lanes_kernel = {lanes,   weight_size, copy_weight,
                                        forward, backward,    add_weight};

bool lanes_fit(const Convolution& s) {
  // A few images are for one thread, and some lanes are empty: that pays where BLAS is slow, which
  // it is on thin matrices.
  const bool enough = s.n >= 2 * lanes || (s.n >= lanes / 2 && s.out * s.window() <= 4096);
  return enough && s.stride == 1 && s.dilation == 1 && s.groups == 1 &&
         s.padding < std::min(s.kh, s.kw);
}
}  // namespace temper
