// The op batch_norm: channels are its groups, and their statistics run along.
#include "batch_norm.h"

#include "kernels/normalize.h"

namespace temper {
static void check(const BatchNormOptions& o) {
  require(o.epsilon >= 0 && std::isfinite(o.epsilon) && o.momentum >= 0 && o.momentum <= 1,
          "batch_norm: epsilon must be a number >= 0 and momentum in [0, 1], got ", o.epsilon,
          " and ", o.momentum);
}

Tensor batch_norm(Tensor x, Tensor weight, Tensor bias, Tensor running_mean, Tensor running_var,
                  const BatchNormOptions& options) {
  check(options);
  require(x.shape.rank() >= 2 && weight.shape == Shape{x.shape[1]} && bias.shape == weight.shape &&
              running_mean.shape == weight.shape && running_var.shape == weight.shape,
          "batch_norm: x ", x.shape, ", weight ", weight.shape, ", bias ", bias.shape,
          ", running statistics ", running_mean.shape, " and ", running_var.shape,
          ": all must be as long as the second axis of x");
  require(running_mean.data != nullptr && running_var.data != nullptr,
          "batch_norm: the running statistics have no numbers");
  Tensor y = make_result("batch_norm", x.shape, {&x, &weight, &bias});
  const Groups<double> channels{static_cast<std::size_t>(x.shape[0]), weight.size(),
                                x.shape.without(0).without(0).size()};
  const bool given = !y.tape->training() || options.use_running;
  require(given || channels.size() >= 2,
          "batch_norm: training needs at least 2 values per channel, x ", x.shape, " has ",
          channels.size());
  Real* mean = y.tape->result(weight.shape, false).data;
  Real* scale = y.tape->result(weight.shape, false).data;
  for (std::size_t k = 0; given && k < channels.count; ++k) {
    mean[k] = running_mean.data[k];  // a copy: these run on before backward()
    scale[k] = static_cast<Real>(1 / std::sqrt(running_var.data[k] + options.epsilon));
  }
  const auto track = [=](std::size_t k, double newest_mean, double squares) {
    Real &mu = running_mean.data[k], &var = running_var.data[k];
    mu = static_cast<Real>(mu + options.momentum * (newest_mean - mu));
    var = static_cast<Real>(var + options.momentum * (squares / (channels.size() - 1) - var));
  };
  const auto factor = [=, w = weight.data](auto k) { return scale[k] * w[k]; };
  const auto w = [](auto, auto) { return Real(1); };  // it is in the factor
  const auto b = [b = bias.data](auto k, auto) { return b[k]; };
  normalize(channels, x.data, y.data, mean, scale, given, options.epsilon, factor, w, b, track);
  on_backward("batch_norm", y, [=] {
    const auto add = [=](std::size_t k, double sum_g, double sum_gx) {
      if (bias.grad != nullptr) bias.grad[k] += static_cast<Real>(sum_g);
      if (weight.grad != nullptr) weight.grad[k] += static_cast<Real>(sum_gx);
    };
    normalize_backward(channels, x, y.grad, mean, scale, given, factor, w, add);
  });
  return y;
}

BatchNorm::BatchNorm(int axes, int channels, const BatchNormOptions& options)
    : axes_(axes), options_(options) {
  require(channels >= 1, "BatchNorm: channels must be at least 1, got ", channels);
  check(options);
  for (Parameter* p : {&weight_, &bias_}) *p = Parameter({channels});
  for (Parameter* p : {&mean_, &var_}) *p = Parameter::not_learned({channels});
  for (const Parameter* p : {&weight_, &var_}) std::ranges::fill(p->tensor().values(), Real(1));
}

Tensor BatchNorm::forward(Tensor x) {
  require(x.shape.rank() == axes_ + 2 || (axes_ == 1 && x.shape.rank() == 2), "BatchNorm", axes_,
          "d: ", axes_ == 1 ? "features [n, c] or sequences [n, c, l]" : "images [n, c, h, w]",
          " are needed, got ", x.shape);
  BatchNormOptions options = options_;
  options.use_running |= mean_.frozen();
  return batch_norm(x, weight_, bias_, mean_, var_, options);
}
}  // namespace temper
