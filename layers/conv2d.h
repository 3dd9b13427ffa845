// Conv2d: the same small linear map at every place of an image.
#pragma once

#include "affine.h"

namespace temper {
struct Conv2dOptions {
  int stride = 1;    // from one place to the next, at least 1
  int padding = 0;   // rows and columns of zeros on each side of the image, at least 0
  int dilation = 1;  // from one weight to the next, at least 1
  int groups = 1;    // of channels that do not see each other: group g of x makes group g of y
};

// y[n, o] = b[o] + Σ_c w[o, c] ⋆ x[n, c], cross-correlations at all places where the kernel fits:
// [n, in, h, w], [out, in / groups, kh, kw], [out] -> [n, out, oh, ow] with
// oh = ⌊(h + 2 padding - dilation (kh - 1) - 1) / stride⌋ + 1 and ow alike (LeCun et al. 1989;
// PyTorch's conv2d). A bias Tensor{} is no bias. Throws ShapeError for what does not fit.
Tensor conv2d(Tensor x, Tensor weight, Tensor bias = {}, const Conv2dOptions& options = {});

// conv2d with a square kernel: [n, in, h, w] -> [n, out, oh, ow].
class Conv2d : public Affine {
 public:
  Conv2d(int in, int out, int kernel, Rng& rng, const Conv2dOptions& options = {},
         const AffineOptions& affine = {});
  Tensor forward(Tensor x) override { return conv2d(x, weight_, bias_, options_); }
  std::string name() const override;  // "Conv2d(1, 32, 3)", and what is not usual

 private:
  Conv2dOptions options_;
};
}  // namespace temper
