// Pooling: images made smaller, each pixel from a window.
#pragma once

#include <optional>

#include "layer.h"

namespace temper {
struct PoolOptions {
  std::optional<int> stride = {};  // from window to window; empty: the kernel, so none overlap
  int padding = 0;                 // on each side, at most half the kernel
  bool ceil_mode = false;  // rounds up if the last window begins in the image or the left padding
  bool count_include_pad = true;  // in a mean, as zeros; what lies beyond the padding never counts
};

// The largest pixel, or the mean, of each window of kernel · kernel pixels:
// [n, c, h, w] -> [n, c, (h + 2 padding - kernel) / stride + 1, the same of w], rounded down. NaN
// is the largest of all, padding never is. The gradient of several equal maxima goes to the first.
// Both throw ShapeError for options that make no window and for images without pixels.
Tensor max_pool2d(Tensor x, int kernel, PoolOptions options = {});
Tensor avg_pool2d(Tensor x, int kernel, PoolOptions options = {});

// The mean of each channel of each image: [n, c, h, w] -> [n, c] (Lin et al. 2014).
Tensor global_avg_pool2d(Tensor x);

struct MaxPool2d : FunctionLayer {
  explicit MaxPool2d(int size, PoolOptions o = {}) : kernel(size), options(o) {}
  Tensor forward(Tensor x) override { return max_pool2d(x, kernel, options); }
  std::string name() const override { return to_string("MaxPool2d(", kernel, ")"); }
  int kernel;
  PoolOptions options;
};

struct AvgPool2d : FunctionLayer {
  explicit AvgPool2d(int size, PoolOptions o = {}) : kernel(size), options(o) {}
  Tensor forward(Tensor x) override { return avg_pool2d(x, kernel, options); }
  std::string name() const override { return to_string("AvgPool2d(", kernel, ")"); }
  int kernel;
  PoolOptions options;
};

struct GlobalAvgPool2d : FunctionLayer {
  Tensor forward(Tensor x) override { return global_avg_pool2d(x); }
  std::string name() const override { return "GlobalAvgPool2d"; }
};
}  // namespace temper
