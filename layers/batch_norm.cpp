// The op batch_norm: channels are its groups, and their statistics run along.
#include "batch_norm.h"

#include <algorithm>
#include <cmath>

#include "normalize.h"

namespace temper {
static void require_options(const BatchNormOptions& o) {
  require(o.epsilon >= 0 && std::isfinite(o.epsilon) && o.momentum >= 0 && o.momentum <= 1,
          "batch_norm: epsilon must be a number >= 0 and momentum in [0, 1], got ", o.epsilon,
          " and ", o.momentum);
}

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
  const Groups channels{static_cast<std::size_t>(x.shape[0]), weight.size(),
                        x.shape.without(0).without(0).size()};
  const std::size_t values = channels.size();
  const bool constant = !y.tape->training() || options.use_running;
  require(constant || values >= 2, "batch_norm: training needs at least 2 values per channel, x ",
          x.shape, " has ", values);
  const auto track = [=](std::size_t k, double mean, double squares) {
    const auto move = [=](Real& running, double newest) {
      const double before = running;
      running = static_cast<Real>(before + options.momentum * (newest - before));
    };
    move(running_mean.data[k], mean);
    move(running_var.data[k], squares / static_cast<double>(values - 1));
  };
  normalize<true>("batch_norm", channels, x, weight, bias, y, options.epsilon,
                  constant ? running_mean : Tensor{}, running_var, track);
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
