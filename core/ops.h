// The general operations on tensors. Each stands with its gradient in one function of its group's
// source file: elementwise.cpp, matrix.cpp, reduce.cpp, softmax.cpp, index.cpp. What makes a layer
// (convolution, pooling, norms, dropout) stands with that layer, what makes a loss in losses.
//
// All throw ShapeError, with the op and the shapes, when the shapes do not fit, when a tensor is
// from a step that the tape has cleared, or when no input is on a tape.
#pragma once

#include "tape.h"

namespace temper {
// elementwise.cpp: one number in, one number out
Tensor exp(Tensor x);
Tensor log(Tensor x);
Tensor sqrt(Tensor x);
Tensor square(Tensor x);
Tensor tanh(Tensor x);
Tensor sigmoid(Tensor x);  // 1 / (1 + e⁻ˣ)
Tensor relu(Tensor x);     // max(x, 0), derivative 0 at 0
// relu that writes over x, to save memory: only for a result that nothing else reads, not even the
// op that made it on its way back.
Tensor relu_in_place(Tensor x);
Tensor leaky_relu(Tensor x, double slope = 0.01);  // x > 0 ? x : slope x (Maas 2013)
Tensor gelu(Tensor x);                             // x Φ(x), exact (Hendrycks, Gimpel 2016)
Tensor operator-(Tensor x);

// Two tensors of equal shape, or [..., c] and one row [c] on the right that is used for every row.
Tensor operator+(Tensor a, Tensor b);
Tensor operator-(Tensor a, Tensor b);
Tensor operator*(Tensor a, Tensor b);
Tensor operator/(Tensor a, Tensor b);

// A tensor and a number.
Tensor operator+(Tensor x, double c);
Tensor operator-(Tensor x, double c);
Tensor operator*(Tensor x, double c);
Tensor operator/(Tensor x, double c);
Tensor operator+(double c, Tensor x);
Tensor operator-(double c, Tensor x);
Tensor operator*(double c, Tensor x);
Tensor operator/(double c, Tensor x);

// matrix.cpp: products
struct MatmulOptions {
  bool transpose_a = false;
  bool transpose_b = false;
};
Tensor matmul(Tensor a, Tensor b, MatmulOptions options = {});  // [m, k] · [k, n] -> [m, n]
// y = x Wᵀ + b: [..., in], [out, in], [out] -> [..., out]. Without bias: Tensor{}.
Tensor linear(Tensor x, Tensor weight, Tensor bias);

// reduce.cpp: many numbers to one. Without an axis over all elements, to a scalar []; with an axis
// over that one, which disappears: sum of [64, 10] over axis 0 -> [10]; axis -1 is the last.
Tensor sum(Tensor x);
Tensor sum(Tensor x, int axis);
Tensor mean(Tensor x);
Tensor mean(Tensor x, int axis);
Tensor max(Tensor x);  // NaN if there is one; the gradient goes to the first of several maxima
Tensor max(Tensor x, int axis);

// softmax.cpp: over the last axis, stable
Tensor softmax(Tensor x);  // eˣ / Σ eˣ
Tensor log_softmax(Tensor x);

// index.cpp: the same numbers elsewhere
Tensor reshape(Tensor x, Shape shape);                        // shares memory and gradient
Tensor rows(Tensor x, std::int64_t begin, std::int64_t end);  // -> [end - begin, ...], shares both
Tensor concat(std::span<const Tensor> parts, int axis);       // equal shapes but for that axis
inline Tensor concat(std::initializer_list<Tensor> parts, int axis) {
  return concat(std::span(parts), axis);
}
// Row indices[i] of the table, whole numbers 0 … n - 1: [n, d], [...] -> [..., d].
Tensor embedding(Tensor table, Tensor indices);
}  // namespace temper
