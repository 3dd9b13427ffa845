// The landscape of the loss: how gradients vary from batch to batch during the training, and the
// curvature at its end.
#include <cmath>

#include "../training/measure.h"
#include "experiments.h"

namespace temper::lab {
namespace {
// The gradients of all parameters as one vector.
std::vector<double> gradients(const Parameters& parameters) {
  std::vector<double> all;
  for (const NamedTensor& p : parameters)
    all.insert(all.end(), p.tensor.gradients().begin(), p.tensor.gradients().end());
  return all;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Moves the parameters by step · direction.
void move(const Parameters& parameters, const std::vector<double>& direction, double step) {
  std::size_t i = 0;
  for (const NamedTensor& p : parameters)
    for (Real& x : p.tensor.values()) x += static_cast<Real>(step * direction[i++]);
}

// The gradient of the loss, mean over batches. The gradient g of every batch is given to each(g).
template <class Each>
std::vector<double> mean_gradient(Classifier& model, const Dataset& data, const Step& loss,
                                  Each each) {
  const Parameters parameters = model.parameters();
  DataLoader loader(data, {.batch_size = 128, .drop_last = true});
  std::vector<double> mean;
  Tape tape;
  for (const Batch& batch : loader) {
    for (const NamedTensor& p : parameters) std::ranges::fill(p.tensor.gradients(), Real(0));
    tape.clear();
    tape.backward(loss(model, tape.input(batch.inputs), batch));
    const std::vector<double> g = gradients(parameters);
    each(g);
    mean.resize(g.size());
    for (std::size_t i = 0; i < g.size(); ++i) mean[i] += g[i] / loader.size();
  }
  return mean;
}

// The largest eigenvalue of the Hessian of the loss, by power iteration on differences of gradients
// (exact products with it, as of Pearlmutter 1994, need second derivatives, which the tape lacks).
double curvature(Classifier& model, const Dataset& data, const Step& loss, std::uint64_t seed) {
  const Parameters parameters = model.parameters();
  const auto nothing = [](const std::vector<double>&) {};
  std::vector<double> v = mean_gradient(model, data, loss, nothing);
  Rng rng(seed);
  for (double& x : v) x = rng.normal();
  double eigenvalue = 0;
  for (int iteration = 0; iteration < 20; ++iteration) {
    const double norm = std::sqrt(dot(v, v)), h = 1e-2;
    for (double& x : v) x /= norm;
    move(parameters, v, h);
    std::vector<double> product = mean_gradient(model, data, loss, nothing);
    move(parameters, v, -2 * h);
    const std::vector<double> behind = mean_gradient(model, data, loss, nothing);
    move(parameters, v, h);
    for (std::size_t i = 0; i < v.size(); ++i) product[i] = (product[i] - behind[i]) / (2 * h);
    eigenvalue = dot(v, product);
    v = product;
  }
  return eigenvalue;
}

void train_landscape(const Run& run, const Arm& arm, Data& data, Result& result) {
  const Dataset seen = subset(data.train, range(0, 20 * 128));
  Classifier model({256}, run.seed);
  const Step loss = cross_entropy(arm.smoothing);
  double noise = 0, relative = 0;
  const auto after_epoch = [&](int) {
    double squares = 0, norms = 0;
    const std::vector<double> mean =
        mean_gradient(model, seen, loss, [&](const std::vector<double>& g) {
          squares += dot(g, g) / 20;
          norms += std::sqrt(dot(g, g)) / 20;
        });
    result.series["gradient_norm"].push_back(norms);
    result.series["gradient_noise"].push_back(squares - dot(mean, mean));  // E‖g‖² - ‖E g‖²
  };
  train(model, data.train, loss, {.epochs = epochs_of(run, 10), .after_epoch = after_epoch},
        run.seed);
  const auto& variances = result.series["gradient_noise"];
  const auto& norms = result.series["gradient_norm"];
  const auto epochs = static_cast<double>(norms.size());
  for (std::size_t i = 0; i < norms.size(); ++i) {
    noise += std::sqrt(variances[i]) / epochs;
    relative += std::sqrt(variances[i]) / norms[i] / epochs;
  }
  result.numbers["gradient_noise"] = noise;
  result.numbers["gradient_noise_relative"] = relative;
  result.numbers["gradient_norm"] = result.series["gradient_norm"].back();
  result.numbers["curvature"] = curvature(model, seen, loss, run.seed);
  measure(model, data, result);
}
}  // namespace

Experiment landscape_experiment() {
  return {
      .studies = {{.name = "landscape",
                   .what = "784-256-10, 10 epochs; gradients of 20 batches after each epoch, "
                           "the Hessian of the training loss at the end",
                   .arms = {hard(), smooth(0.1)},
                   .seconds = 9,
                   .train = train_landscape}},
      .claims = {
          {.name = "stability",
           .statement = "Label smoothing stabilizes training; hard targets give sharp gradients.",
           .literature = "Smaller gradient norm than with dropout (Pereyra 2017) and smaller "
                         "variance (Xu 2020).",
           .prediction = "Less noise of the gradient, averaged over the training.",
           .treatment = {smooth(0.1), "gradient_noise"},
           .reference = {hard(), "gradient_noise"},
           .more_supports = false},
          {.name = "landscape",
           .statement = "Label smoothing smooths the loss landscape.",
           .literature = "A lower condition number at the minimizer, in theory (Guo 2024).",
           .prediction = "Reversed: the largest eigenvalue of the Hessian at the end is higher, "
                         "since p (1 - p) goes to 0 only for hard targets.",
           .treatment = {smooth(0.1), "curvature"},
           .reference = {hard(), "curvature"},
           .more_supports = false},
      }};
}
}  // namespace temper::lab
