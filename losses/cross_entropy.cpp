// Softmax cross-entropy: checks, what the kernel is given, and the reduction.
#include "cross_entropy.h"

#include "distribution.h"
#include "kernels/cross_entropy_kernels.h"

namespace temper {
static constexpr const char* op = "cross_entropy";

static void check(Tensor logits, const CrossEntropyOptions& o) {
  require(logits.shape.rank() >= 2 && logits.shape[1] > 0, op,
          ": logits must be [n, classes] or [n, classes, pixels…], they are ", logits.shape);
  require(o.label_smoothing >= 0 && o.label_smoothing <= 1, op,
          ": label_smoothing must be in [0, 1], got ", o.label_smoothing);
  const auto classes = static_cast<std::size_t>(logits.shape[1]);
  require(o.target_matrix.empty() || o.target_matrix.size() == classes * classes, op,
          ": target_matrix has ", o.target_matrix.size(), " entries, expected ", classes, " x ",
          classes);
  const auto check_entries = [=](const char* name, std::span<const Real> entries, std::size_t n) {
    require(entries.empty() || entries.size() == n, op, ": ", name, " has ", entries.size(),
            " entries, expected ", n);
    for (std::size_t c = 0; c < entries.size(); ++c)
      require(entries[c] >= 0 && std::isfinite(entries[c]), op, ": ", name, "[", c,
              "] = ", entries[c], ", expected a finite number >= 0");
  };
  check_entries("class_weights", o.class_weights, classes);
  check_entries("smoothing_prior", o.smoothing_prior, classes);
  check_entries("row_weights", o.row_weights, logits.shape.without(1).size());
  if (!o.smoothing_prior.empty()) check_distribution(op, o.smoothing_prior, "smoothing_prior");
}

// How a message calls row or pixel r.
static std::string name_of(const Shape& logits, std::size_t r) {
  if (logits.rank() == 2) return to_string("row ", r);
  const auto width = static_cast<std::size_t>(logits[-1]);
  if (logits.rank() == 3) return to_string("pixel [", r / width, ", ", r % width, "]");
  const auto height = static_cast<std::size_t>(logits[2]);
  return to_string("pixel [", r / width / height, ", ", r / width % height, ", ", r % width, "]");
}

// Everything is checked but the rows of probabilities, which the kernel checks on its way.
static Tensor cross_entropy(Tensor logits, Labels labels, Tensor probabilities,
                            const CrossEntropyOptions& o) {
  const Shape shape = logits.shape.without(1);
  const int classes = logits.shape[1];
  const bool none = o.reduction == Reduction::none, has_matrix = !o.target_matrix.empty();
  const bool has_rows = probabilities.data != nullptr;
  const Targets targets = has_rows || has_matrix  ? Targets::probabilities
                          : o.label_smoothing > 0 ? Targets::smoothed_labels
                                                  : Targets::labels;
  Tensor y =
      make_result(op, none ? shape : Shape{}, {&logits, has_rows ? &probabilities : nullptr});
  require(probabilities.grad == nullptr || y.grad == nullptr, op,
          ": probabilities want a gradient, but are taken as constants; set their grad to nullptr");
  const std::size_t n = shape.size();
  const auto array = [&] { return y.tape->result(shape, false).data; };
  const Tensor tables = y.tape->result({2, classes}, false);
  const Real* row_weights = y.tape->keep(std::span(o.row_weights)).data();
  CrossEntropyArguments p{
      .targets = targets,
      .n = n,
      .classes = static_cast<std::size_t>(classes),
      .inner = logits.shape.rank() == 2 ? 1 : n / static_cast<std::size_t>(std::max(shape[0], 1)),
      .logits = logits.data,
      .labels = labels.data(),
      .probabilities = has_matrix ? o.target_matrix.data() : probabilities.data,
      .ignore_index = o.ignore_index,
      .row_weights = row_weights,
      .one_minus_epsilon = static_cast<Real>(1 - o.label_smoothing),
      .weights = tables.data,
      .smoothing = tables.data + classes,
      .uniform = o.class_weights.empty() && o.smoothing_prior.empty(),
      .smoothing_sum = 0,
      .tolerance = row_sum_tolerance,
      .max = array(),
      .rest = array(),
      .target_sum = array(),
      .row_weight = array(),
      .losses = none ? y.data : array()};
  for (std::size_t c = 0; c < p.classes; ++c) {
    const Real w = o.class_weights.empty() ? 1 : o.class_weights[c];
    const double u = o.smoothing_prior.empty() ? 1.0 / classes : double{o.smoothing_prior[c]};
    tables.data[c] = w;
    tables.data[p.classes + c] = static_cast<Real>(o.label_smoothing * double{w} * u);
  }
  if (targets != Targets::labels)
    p.smoothing_sum = static_cast<Real>(
        parallel_sum(p.classes, [s = p.smoothing](std::size_t c) { return s[c]; }));

  const CrossEntropyKernel kernel = faster_kernel(p);
  const auto for_each_rows = [=](auto f) {  // blocks long enough to be worth a thread
    const std::size_t block = kernel.together * (1 + 8191 / kernel.together / p.classes);
    for_each_block(p.n, block, 100 + 4 * p.classes, f);
  };
  for_each_rows([=](std::size_t begin, std::size_t end) { kernel.forward(p, begin, end); });
  const auto sum = [n](const Real* x) {
    return parallel_sum(n, [x](std::size_t r) { return static_cast<double>(x[r]); });
  };
  for (Real* x : {p.losses, p.row_weight})
    for (std::size_t r = 0; row_weights != nullptr && r < n; ++r) x[r] *= row_weights[r];
  const double weight = sum(p.row_weight);
  if (std::isnan(weight)) {
    std::size_t r = 0;
    while (!std::isnan(p.row_weight[r])) ++r;
    const std::string which = has_matrix ? to_string("row ", labels[r], " of target_matrix")
                                         : "target " + name_of(logits.shape, r);
    fail_target(op, which, p.target(r), p.classes, has_matrix ? 1 : p.inner);
  }
  const double scale = o.reduction != Reduction::mean ? 1 : weight > 0 ? 1 / weight : 0;
  if (!none) y.data[0] = static_cast<Real>(sum(p.losses) * scale);
  if (y.grad == nullptr) return y;
  p.labels = y.tape->keep(labels).data();
  if (has_matrix) p.probabilities = y.tape->keep(std::span(o.target_matrix)).data();
  Real* each = row_weights == nullptr ? nullptr : array();  // gradient of each row's loss
  on_backward(op, y, [=, scale = static_cast<Real>(scale)] {
    for (std::size_t r = 0; each != nullptr && r < n; ++r)
      each[r] = y.grad[none ? r : 0] * row_weights[r];
    for_each_rows([=, dy = each == nullptr ? y.grad : each, one = each == nullptr && !none](
                      std::size_t begin, std::size_t end) {
      kernel.backward(p, logits.grad, dy, one, scale, begin, end);
    });
  });
  return y;
}

void require_labels(Labels labels, const Shape& logits, std::optional<int> ignore_index) {
  const std::size_t n = logits.without(1).size();
  require(labels.size() == n, op, ": ", n, logits.rank() == 2 ? " rows" : " pixels",
          " of logits but ", labels.size(), " labels");
  check_labels(op, labels, logits[1], "logits", ignore_index, [&](std::size_t r) {
    return logits.rank() == 2 ? "" : " of " + name_of(logits, r);
  });
}

Tensor softmax_cross_entropy(Tensor logits, Labels labels, const CrossEntropyOptions& o) {
  check(logits, o);
  require_labels(labels, logits.shape, o.ignore_index);
  return cross_entropy(logits, labels, {}, o);
}

Tensor softmax_cross_entropy(Tensor logits, Tensor probabilities, const CrossEntropyOptions& o) {
  check(logits, o);
  require(probabilities.shape == logits.shape, op, ": probabilities are ", probabilities.shape,
          ", logits are ", logits.shape);
  require(!o.ignore_index, op, ": ignore_index is for labels, not for probabilities");
  require(o.target_matrix.empty(), op, ": target_matrix is for labels, not for probabilities");
  return cross_entropy(logits, {}, probabilities, o);
}
}  // namespace temper
