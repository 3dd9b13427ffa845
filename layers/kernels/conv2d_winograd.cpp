// Convolution by 3 x 3 with fewer multiplications (Winograd 1980; Lavin, Gray 2016): the result is
// cut into tiles of 2 x 2, each from 4 x 4 pixels d. With fixed matrices A, B, G
//
//   Y = Aᵀ M A     M = Σ_c U_c ∘ V_c     U = G g Gᵀ     V = Bᵀ d B
//
// which takes 16 products per tile and channel instead of 36. For each of the 16 elements the sum
// over channels is one product of matrices over all tiles: M_k = U_k V_k. Backward is the same read
// from the right: M̄ = A Ȳ Aᵀ, Ū_k = M̄_k V_kᵀ, V̄_k = U_kᵀ M̄_k, ḡ = Gᵀ Ū G, d̄ = B V̄ Bᵀ.
#include <algorithm>

#include "../../core/parallel.h"
#include "conv2d_kernels.h"

namespace temper {

namespace {
constexpr int elements = 16;  // of a transformed tile
thread_local Scratch elements_scratch{"conv2d"}, plane_scratch{"conv2d"};

// Some rows of tiles, what fits into a cache. Channels pass through a plane: the pixels of these
// tiles, with zeros where the image has none.
struct Tiles {
  int across, first, down;

  int count() const { return across * down; }
  // From one of the 16 matrices [channels, tiles] to the next. Were it a multiple of 4096 bytes, as
  // it easily is, all of them would share the same few lines of the first cache.
  std::size_t step(int channels) const { return Convolution::area(channels, count()) + 16; }
  Matrix matrix(Real* begin, int k, int channels) const {
    return {begin + static_cast<std::size_t>(k) * step(channels), channels, count(), false};
  }
  int row() const { return 2 * across + 2; }  // of a plane, in pixels
  std::size_t plane() const { return Convolution::area(row(), 2 * down + 2); }
};

// Calls f(pixel of a plane, pixel of the image, count) for each row of the plane that meets the
// image [height, width], when the plane begins at its pixel (y, x).
template <class F>
void for_each_common_row(const Tiles& t, int y, int x, int height, int width, F f) {
  const int left = std::max(x, 0), right = std::min(x + t.row(), width);
  for (int i = std::max(y, 0); i < std::min(y + 2 * t.down + 2, height); ++i)
    if (left < right) f((i - y) * t.row() + left - x, i * width + left, right - left);
}

void load_plane(const Tiles& t, int y, int x, const Real* image, int height, int width,
                Real* plane) {
  std::fill_n(plane, t.plane(), Real(0));
  for_each_common_row(t, y, x, height, width,
                      [=](int to, int from, int n) { std::copy_n(image + from, n, plane + to); });
}

void add_plane(const Tiles& t, int y, int x, const Real* plane, Real* image, int height,
               int width) {
  for_each_common_row(t, y, x, height, width, [=](int from, int to, int n) {
    for (int k = 0; k < n; ++k) image[to + k] += plane[from + k];
  });
}

// Each of the next four runs over all tiles of a plane. Tile i begins at the pixel p of its row of
// tiles, a row of pixels is w long, and element k of tile i stands at v[k * step + i].

void input_elements(const Tiles& t, const Real* plane, Real* v, std::size_t step) {
  vectorized([=]() mutable {
    const int w = t.row();
    for (int row = 0; row < t.down; ++row, plane += 2 * w, v += t.across) {
      TEMPER_VECTORS
      for (int i = 0; i < t.across; ++i) {  // V = Bᵀ d B
        Real b[4][4];
        for (int j = 0; j < 4; ++j) {
          const Real* p = plane + 2 * i + j;
          b[0][j] = p[0] - p[2 * w];
          b[1][j] = p[w] + p[2 * w];
          b[2][j] = p[2 * w] - p[w];
          b[3][j] = p[w] - p[3 * w];
        }
        for (std::size_t k = 0; k < 4; ++k) {
          Real* to = v + 4 * k * step + i;
          to[0] = b[k][0] - b[k][2];
          to[step] = b[k][1] + b[k][2];
          to[2 * step] = b[k][2] - b[k][1];
          to[3 * step] = b[k][1] - b[k][3];
        }
      }
    }
  });
}

void add_input_gradient(const Tiles& t, const Real* v, std::size_t step, Real* plane) {
  vectorized([=]() mutable {
    const int w = t.row();
    for (int row = 0; row < t.down; ++row, plane += 2 * w, v += t.across) {
      for (int half = 0; half < 2; ++half) {  // d̄ = B V̄ Bᵀ; neighbours overlap by two columns
        TEMPER_VECTORS
        for (int i = 0; i < t.across; ++i) {
          Real b[4][2];  // columns 2 half and 2 half + 1 of V̄ Bᵀ
          for (std::size_t k = 0; k < 4; ++k) {
            const Real* from = v + 4 * k * step + i;
            const Real inner = from[step] - from[2 * step];
            b[k][0] = half == 0 ? from[0] : from[step] + from[2 * step] - from[0];
            b[k][1] = half == 0 ? inner + from[3 * step] : -from[3 * step];
          }
          for (int j = 0; j < 2; ++j) {
            Real* p = plane + 2 * i + 2 * half + j;
            p[0] += b[0][j];
            p[w] += b[1][j] - b[2][j] + b[3][j];
            p[2 * w] += b[1][j] + b[2][j] - b[0][j];
            p[3 * w] -= b[3][j];
          }
        }
      }
    }
  });
}

void output_of(const Tiles& t, const Real* m, std::size_t step, Real* plane) {
  vectorized([=]() mutable {
    const int w = t.row();
    for (int row = 0; row < t.down; ++row, plane += 2 * w, m += t.across) {
      TEMPER_VECTORS
      for (int i = 0; i < t.across; ++i) {  // Y = Aᵀ M A
        Real a[2][4];
        for (std::size_t k = 0; k < 4; ++k) {
          const Real* from = m + k * step + i;
          a[0][k] = from[0] + from[4 * step] + from[8 * step];
          a[1][k] = from[4 * step] - from[8 * step] - from[12 * step];
        }
        for (int j = 0; j < 2; ++j) {
          plane[j * w + 2 * i] = a[j][0] + a[j][1] + a[j][2];
          plane[j * w + 2 * i + 1] = a[j][1] - a[j][2] - a[j][3];
        }
      }
    }
  });
}

void output_gradient(const Tiles& t, const Real* plane, Real* m, std::size_t step) {
  vectorized([=]() mutable {
    const int w = t.row();
    for (int row = 0; row < t.down; ++row, plane += 2 * w, m += t.across) {
      TEMPER_VECTORS
      for (int i = 0; i < t.across; ++i) {  // M̄ = A Ȳ Aᵀ
        const Real* p = plane + 2 * i;
        const Real a[4][2] = {{p[0], p[1]},
                              {p[0] + p[w], p[1] + p[w + 1]},
                              {p[0] - p[w], p[1] - p[w + 1]},
                              {-p[w], -p[w + 1]}};
        for (std::size_t k = 0; k < 4; ++k) {
          Real* to = m + 4 * k * step + i;
          to[0] = a[k][0];
          to[step] = a[k][0] + a[k][1];
          to[2 * step] = a[k][0] - a[k][1];
          to[3 * step] = -a[k][1];
        }
      }
    }
  });
}

// U = G g Gᵀ with G = (1, 0, 0), (½, ½, ½), (½, -½, ½), (0, 0, 1)
constexpr Real g_matrix[4][3] = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};

// Calls f(weight, element, factor): what element (of the 16) and weight (of the 9) have in common.
template <class F>
void for_each_factor(F f) {
  for (std::size_t e = 0; e < elements; ++e)
    for (std::size_t k = 0; k < 9; ++k) f(k, e, g_matrix[e / 4][k / 3] * g_matrix[e % 4][k % 3]);
}

std::size_t pairs(const Convolution& s) { return Convolution::area(s.out, s.in); }

// Calls f(tiles, V, M): the tiles that fit into a cache and memory for their elements.
template <class F>
void for_each_part(const Convolution& s, F f) {
  constexpr int most = 160;
  const int across = (s.ow + 1) / 2, down = (s.oh + 1) / 2;
  const int parts = std::min(down, (across * down + most - 1) / most);
  const int rows = (down + parts - 1) / parts;
  const Tiles largest{across, 0, rows};
  const std::size_t size = elements * largest.step(s.in);
  Real* v = elements_scratch.at_least(size + elements * largest.step(s.out));
  for (int first = 0; first < down; first += rows)
    f(Tiles{across, first, std::min(rows, down - first)}, v, v + size);
}

// V of one part of the image: [16, in, tiles]
void transform_input(const Convolution& s, const Tiles& t, const Real* x, Real* v) {
  const int pad = s.padding;
  Real* plane = plane_scratch.at_least(t.plane());
  for (int c = 0; c < s.in; ++c) {
    load_plane(t, 2 * t.first - pad, -pad, x + Convolution::area(c, s.height * s.width), s.height,
               s.width, plane);
    input_elements(t, plane, v + Convolution::area(c, t.count()), t.step(s.in));
  }
}

void forward(const Convolution& s, int /*one*/, const Real* x, const Real* form, const Real* bias,
             Real* y) {
  start_from_bias(s, bias, y);
  for_each_part(s, [&](const Tiles& t, Real* v, Real* m) {
    transform_input(s, t, x, v);
    std::fill_n(m, elements * t.step(s.out), Real(0));
    for (int k = 0; k < elements; ++k)
      multiply_add_alone(matrix(form, k, s.out, s.in), t.matrix(v, k, s.in), t.matrix(m, k, s.out));
    Real* plane = plane_scratch.at_least(t.plane());
    std::fill_n(plane, t.plane(), Real(0));
    for (int c = 0; c < s.out; ++c) {
      output_of(t, m + Convolution::area(c, t.count()), t.step(s.out), plane);
      add_plane(t, 2 * t.first, 0, plane, y + Convolution::area(c, s.places()), s.oh, s.ow);
    }
  });
}

void backward(const Convolution& s, int /*one*/, const Real* x, const Real* form, const Real* dy,
              Real* dx, Real* dform) {
  for_each_part(s, [&](const Tiles& t, Real* v, Real* m) {
    Real* plane = plane_scratch.at_least(t.plane());
    for (int c = 0; c < s.out; ++c) {
      load_plane(t, 2 * t.first, 0, dy + Convolution::area(c, s.places()), s.oh, s.ow, plane);
      output_gradient(t, plane, m + Convolution::area(c, t.count()), t.step(s.out));
    }
    if (dform != nullptr) {
      transform_input(s, t, x, v);
      for (int k = 0; k < elements; ++k)
        multiply_add_alone(t.matrix(m, k, s.out), transpose(t.matrix(v, k, s.in)),
                           matrix(dform, k, s.out, s.in));
    }
    if (dx == nullptr) return;
    std::fill_n(v, elements * t.step(s.in), Real(0));
    for (int k = 0; k < elements; ++k)
      multiply_add_alone(transpose(matrix(form, k, s.out, s.in)), t.matrix(m, k, s.out),
                         t.matrix(v, k, s.in));
    for (int c = 0; c < s.in; ++c) {
      std::fill_n(plane, t.plane(), Real(0));
      add_input_gradient(t, v + Convolution::area(c, t.count()), t.step(s.in), plane);
      add_plane(t, 2 * t.first - s.padding, -s.padding, plane,
                dx + Convolution::area(c, s.height * s.width), s.height, s.width);
    }
  });
}
}  // namespace

const ConvolutionKernel winograd_kernel = {
    1,
    [](const Convolution& s) { return elements * pairs(s); },
    [](const Convolution& s, const Real* weight, Real* form) {
      std::fill_n(form, elements * pairs(s), Real(0));
      for_each_factor([&](std::size_t k, std::size_t e, Real factor) {
        for (std::size_t i = 0; i < pairs(s); ++i)
          form[e * pairs(s) + i] += factor * weight[9 * i + k];
      });
    },
    forward,
    backward,
    [](const Convolution& s, const Real* dform, Real* dweight) {
      for_each_factor([&](std::size_t k, std::size_t e, Real factor) {
        for (std::size_t i = 0; i < pairs(s); ++i)
          dweight[9 * i + k] += factor * dform[e * pairs(s) + i];
      });
    }};

bool winograd_fits(const Convolution& s) {
  return s.kh == 3 && s.kw == 3 && s.stride == 1 && s.dilation == 1 && s.groups == 1 && s.in >= 8 &&
         s.out >= 8;
}
}  // namespace temper
