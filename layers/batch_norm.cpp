// The op batch_norm and its gradient. What needs the numbers of a channel more than once does so
// before it goes on to the next, while they are near.
#include "batch_norm.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "../core/parallel.h"

namespace temper {

namespace {
void require_options(const BatchNormOptions& o) {
  require(o.epsilon >= 0 && std::isfinite(o.epsilon) && o.momentum >= 0 && o.momentum <= 1,
          "batch_norm: epsilon must be a number >= 0 and momentum in [0, 1], got ", o.epsilon,
          " and ", o.momentum);
}

// The numbers [n, c, places], channel by channel; or by blocks of channels if they have one place:
// then they lie side by side, and vectors go across them. A channel's function of an index is
// f(channel), so that what it needs of the channel is read once.
struct Channels {
  std::size_t n, c, places;
  static constexpr std::size_t side_by_side = 64;

  // f(begin, end) for blocks of channels
  template <class F>
  void for_each(F f) const {
    for_each_block(c, places == 1 ? side_by_side : 1, 8 * n * places, f);
  }

  // finish(k, Σ f(k)(i) over the channel) for each channel k of a block
  template <class F, class Finish>
  void sum(std::size_t begin, std::size_t end, F f, Finish finish) const {
    std::array<double, side_by_side> total{};
    for (std::size_t r = 0; r < n; ++r) {
      const std::size_t first = (r * c + begin) * places;
      if (places == 1)
        run_range(0, end - begin, [=, total = total.data()](std::size_t k) {
          total[k] += static_cast<double>(f(begin + k)(first + k));
        });
      else
        total[0] += static_cast<double>(sum_range(first, first + places, f(begin)));
    }
    for (std::size_t k = begin; k < end; ++k) finish(k, total[k - begin]);
  }

  // f(k)(i) for each number of each channel k of a block
  template <class F>
  void run(std::size_t begin, std::size_t end, F f) const {
    for (std::size_t r = 0; r < n; ++r) {
      const std::size_t first = (r * c + begin) * places;
      if (places == 1)
        run_range(0, end - begin, [=](std::size_t k) { f(begin + k)(first + k); });
      else
        run_range(first, first + places, f(begin));
    }
  }
};
}  // namespace

Tensor batch_norm(Tensor x, Tensor weight, Tensor bias, Tensor running_mean, Tensor running_var,
                  const BatchNormOptions& options) {
  require_options(options);
  require(x.shape.rank() >= 2 && weight.shape == Shape{x.shape[1]} && bias.shape == weight.shape &&
              running_mean.shape == weight.shape && running_var.shape == weight.shape,
          "batch_norm: x ", x.shape, ", weight ", weight.shape, ", bias ", bias.shape,
          ", running statistics ", running_mean.shape, " and ", running_var.shape,
          ": all must be as long as the second axis of x");
  running_mean.grad = running_var.grad = nullptr;  // statistics, not learned
  Tensor y = make_result("batch_norm", x.shape, {x, weight, bias, running_mean, running_var});
  const std::size_t rows = Shape{x.shape[0], x.shape[1]}.size();
  const Channels channels{static_cast<std::size_t>(x.shape[0]), weight.size(),
                          x.size() / std::max<std::size_t>(rows, 1)};
  const std::size_t values = channels.n * channels.places;  // of each channel
  const bool trains = y.tape->training() && !options.use_running;
  require(!trains || values >= 2, "batch_norm: training needs at least 2 values per channel, x ",
          x.shape, " has ", values);
  const auto count = static_cast<double>(values);
  const auto numbers = [&] { return y.tape->result(weight.shape, false).data; };
  Real* mean = trains ? numbers() : running_mean.data;
  Real* scale = numbers();  // 1 / √(σ² + ε)
  channels.for_each([=](std::size_t begin, std::size_t end) {
    const auto set_scale = [=](std::size_t k, double variance) {
      scale[k] = static_cast<Real>(1 / std::sqrt(variance + options.epsilon));
    };
    const auto track = [=](Real& running, double newest) {
      const double before = running;
      running = static_cast<Real>(before + options.momentum * (newest - before));
    };
    if (trains) {
      channels.sum(
          begin, end, [=](std::size_t) { return [=](std::size_t i) { return x.data[i]; }; },
          [=](std::size_t k, double total) { mean[k] = static_cast<Real>(total / count); });
      channels.sum(
          begin, end,
          [=](std::size_t k) {
            return [=, m = mean[k]](std::size_t i) { return (x.data[i] - m) * (x.data[i] - m); };
          },
          [=](std::size_t k, double total) {
            set_scale(k, total / count);
            track(running_mean.data[k], mean[k]);
            track(running_var.data[k], total / (count - 1));
          });
    } else {
      for (std::size_t k = begin; k < end; ++k) set_scale(k, running_var.data[k]);
    }
    channels.run(begin, end, [=](std::size_t k) {
      return [=, m = mean[k], s = scale[k] * weight.data[k], b = bias.data[k]](std::size_t i) {
        y.data[i] = (x.data[i] - m) * s + b;
      };
    });
  });
  if (y.grad == nullptr) return y;

  Real *dy_mean = numbers(), *product_mean = numbers();
  on_backward("batch_norm", y, [=] {
    // db = Σ dy, dw = Σ dy x̂; μ and σ depend on all of the channel: with s = 1 / √(σ² + ε)
    // dx = s w (dy - mean(dy) - x̂ mean(dy x̂))
    channels.for_each([=](std::size_t begin, std::size_t end) {
      channels.sum(
          begin, end, [=](std::size_t) { return [=](std::size_t i) { return y.grad[i]; }; },
          [=](std::size_t k, double total) {
            dy_mean[k] = trains ? static_cast<Real>(total / count) : 0;  // else μ is a constant
            if (bias.grad != nullptr) bias.grad[k] += static_cast<Real>(total);
          });
      channels.sum(
          begin, end,
          [=](std::size_t k) {
            return [=, m = mean[k], s = scale[k]](std::size_t i) {
              return y.grad[i] * ((x.data[i] - m) * s);
            };
          },
          [=](std::size_t k, double total) {
            product_mean[k] = trains ? static_cast<Real>(total / count) : 0;
            if (weight.grad != nullptr) weight.grad[k] += static_cast<Real>(total);
          });
      if (x.grad == nullptr) return;
      channels.run(begin, end, [=](std::size_t k) {
        return [=, m = mean[k], s = scale[k], w = weight.data[k], a = dy_mean[k],
                b = product_mean[k]](std::size_t i) {
          x.grad[i] += s * w * (y.grad[i] - a - (x.data[i] - m) * s * b);
        };
      });
    });
  });
  return y;
}

BatchNorm::BatchNorm(int channels, const BatchNormOptions& options) : options_(options) {
  require(channels >= 1, "BatchNorm: channels must be at least 1, got ", channels);
  require_options(options);
  for (Parameter* p : {&weight_, &bias_}) *p = Parameter({channels});
  for (Parameter* p : {&mean_, &var_}) *p = Parameter::not_learned({channels});
  for (const Parameter* p : {&weight_, &var_}) std::ranges::fill(p->tensor().values(), Real(1));
}

Tensor BatchNorm::forward(Tensor x) {
  BatchNormOptions options = options_;
  options.use_running |= mean_.frozen();
  return batch_norm(x, weight_, bias_, mean_, var_, options);
}

Tensor BatchNorm1d::forward(Tensor x) {
  require(x.shape.rank() == 2 || x.shape.rank() == 3,
          "BatchNorm1d: features [n, c] or sequences [n, c, l] are needed, got ", x.shape);
  return BatchNorm::forward(x);
}

Tensor BatchNorm2d::forward(Tensor x) {
  require(x.shape.rank() == 4, "BatchNorm2d: images [n, c, h, w] are needed, got ", x.shape);
  return BatchNorm::forward(x);
}
}  // namespace temper
