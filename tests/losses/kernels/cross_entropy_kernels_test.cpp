// Softmax cross-entropy against its specification: each kernel, and what softmax_cross_entropy()
// makes of the one it chooses, for every kind of target, every option and many numbers of classes.
#include "losses/kernels/cross_entropy_kernels.h"

#include "tests/check.h"
#include "tests/losses/cross_entropy_specification.h"

using namespace temper;

namespace {
constexpr double unit = is_double ? 0x1p-53 : 0x1p-24;  // the error of one rounding
constexpr int ignored_label = -100;
const std::vector reductions{Reduction::none, Reduction::sum, Reduction::mean};

enum class Kind { labels, probabilities, target_matrix };

// One place of the grid, but for the reduction and the kernel.
struct Case {
  Kind kind;
  double smoothing;
  bool weights, prior, ignore;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const Kind kind : {Kind::labels, Kind::probabilities, Kind::target_matrix})
    for (const double smoothing : {0.0, 0.1})
      for (const bool weights : {false, true})
        for (const bool prior : {false, true})
          for (const bool ignore : {false, true})
            if (kind != Kind::probabilities || !ignore)
              cases.push_back({kind, smoothing, weights, prior, ignore});
  return cases;
}

// Two images of 17 pixels, or one if there are many classes, and as many rows: a full group of
// lanes and a rest. The numbers are the same, [n, classes].
struct Problem {
  std::size_t classes, n;
  std::vector<Real> logits, probabilities, matrix, weights, prior;
  std::vector<int> labels;

  explicit Problem(std::size_t size)
      : classes(size), n(size > 100 ? 17 : 34), matrix(size * size, Real(not_a_number)) {
    Rng rng(size);
    const auto distribution = [&](bool sure) {
      std::vector<Real> row(classes);
      double sum = 0;
      for (std::size_t c = 0; c < classes; ++c)
        sum += double{row[c] = c % 3 == 1 ? 0 : static_cast<Real>(rng.uniform() + 0.01)};
      for (Real& x : row) x = sure ? 0 : static_cast<Real>(x / sum);
      if (sure) row[rng.below(classes)] = 1;
      return row;
    };
    for (std::size_t r = 0; r < n; ++r) {
      labels.push_back(static_cast<int>(rng.below(classes)));
      const std::vector<Real> row = distribution(r % 5 == 4), of_matrix = distribution(false);
      probabilities.insert(probabilities.end(), row.begin(), row.end());
      std::ranges::copy(of_matrix, matrix.begin() + labels[r] * std::ssize(row));
    }
    for (std::size_t c = 0; c < classes; ++c)  // the gradient is exact for the sum that a row has
      probabilities[c] *= Real(1.0005);
    for (std::size_t c = 0; c < classes; ++c)
      weights.push_back(c % 5 == 3 ? 0 : static_cast<Real>(0.25 + 2 * rng.uniform()));
    prior = distribution(false);
    for (std::size_t r = 0; r < n; ++r) add_logits(r % 6, static_cast<std::size_t>(labels[r]), rng);
  }

  CrossEntropyOptions options(const Case& c, Reduction reduction) const {
    CrossEntropyOptions o{.label_smoothing = c.smoothing, .reduction = reduction};
    if (c.weights) o.class_weights = weights;
    if (c.prior) o.smoothing_prior = prior;
    if (c.ignore) o.ignore_index = ignored_label;
    if (c.kind == Kind::target_matrix) o.target_matrix = matrix;
    return o;
  }

 private:
  void add_logits(std::size_t extreme, std::size_t label, Rng& rng) {
    for (std::size_t c = 0; c < classes; ++c) {
      const double x = rng.normal();
      logits.push_back(static_cast<Real>(extreme == 0   ? x
                                         : extreme == 1 ? 60 * x                 // far apart
                                         : extreme == 2 ? -1e4                   // all the same
                                         : extreme == 3 ? (c == label ? 30 : x)  // nearly sure
                                         : extreme == 4 ? 1e6 + std::round(x)    // large, with ties
                                                        : (c == label ? -300 : x)));
    }
  }
};

// The numbers of a problem as a case sees them, in rows or in pixels.
struct Data {
  const Problem& problem;
  std::size_t inner = 1;  // pixels of an image
  std::vector<bool> ignored;
  std::vector<int> labels;            // empty for probabilities
  std::vector<Real> logits, targets;  // [n, classes]

  Data(const Problem& p, const Case& c)
      : problem(p), ignored(p.n), logits(p.logits), targets(p.probabilities) {
    if (c.kind != Kind::probabilities) labels = p.labels;
    for (std::size_t r = 0; r < p.n; ++r) {
      const std::size_t first = r * p.classes;
      const auto label = static_cast<std::size_t>(p.labels[r]);
      ignored[r] = c.ignore && r % 5 == 2;
      for (std::size_t k = 0; k < p.classes; ++k) {
        Real &t = targets[first + k], &z = logits[first + k];
        if (c.kind == Kind::labels) t = k == label ? 1 : 0;
        if (c.kind == Kind::target_matrix) t = p.matrix[label * p.classes + k];
        const bool smoothed = c.smoothing > 0 && (!c.prior || p.prior[k] > 0);
        const bool counts = (t > 0 || smoothed) && (!c.weights || p.weights[k] > 0);
        if (r % 4 == 3 && k > 0 && !counts) z = static_cast<Real>(-infinity);  // cannot be
        if (ignored[r]) z = static_cast<Real>(not_a_number);
      }
      if (ignored[r]) labels[r] = ignored_label;
    }
  }

  std::size_t place(std::size_t r, std::size_t c) const {  // in a tensor
    return (r / inner * problem.classes + c) * inner + r % inner;
  }
  Shape shape() const {
    const auto n = static_cast<int>(problem.n), classes = static_cast<int>(problem.classes);
    return inner == 1 ? Shape{n, classes}
                      : Shape{n / static_cast<int>(inner), classes, 1, static_cast<int>(inner)};
  }
  Parameter tensor(const std::vector<Real>& numbers) const {
    Parameter p(shape());
    for (std::size_t r = 0; r < problem.n; ++r)
      for (std::size_t c = 0; c < problem.classes; ++c)
        p.tensor().data[place(r, c)] = numbers[r * problem.classes + c];
    return p;
  }
};

// What comes from above in backward: for each loss another number, or one for their sum or mean.
Real upstream(Reduction reduction, std::size_t r) {
  return reduction == Reduction::none ? Real(r % 4) - Real(1.5) : Real(3);
}

struct Result {
  std::vector<Real> losses;     // as reduced
  std::vector<Real> gradients;  // in the places of the logits
};

// The library, with the kernel that it chooses.
Result compute(const Data& data, const CrossEntropyOptions& o) {
  static Tape tape;
  tape.clear();
  const Parameter z = data.tensor(data.logits);
  const Parameter t = data.labels.empty() ? data.tensor(data.targets) : Parameter();
  Tensor constant = t;
  constant.grad = nullptr;
  const Tensor loss = data.labels.empty() ? softmax_cross_entropy(tape.input(z), constant, o)
                                          : softmax_cross_entropy(tape.input(z), data.labels, o);
  const Tensor dy = tape.result(loss.shape, false);
  for (std::size_t r = 0; r < dy.size(); ++r) dy.data[r] = upstream(o.reduction, r);
  tape.backward(sum(loss * dy));
  return {{loss.values().begin(), loss.values().end()},
          {z.tensor().gradients().begin(), z.tensor().gradients().end()}};
}

// The same with a kernel of choice; whether it would have been chosen.
std::pair<Result, bool> compute(const CrossEntropyKernel& kernel, const Data& data,
                                const CrossEntropyOptions& o) {
  const std::size_t n = data.problem.n, classes = data.problem.classes;
  const bool none = o.reduction == Reduction::none, matrix = !o.target_matrix.empty();
  const Parameter z = data.tensor(data.logits), t = data.tensor(data.targets);
  std::vector<Real> w(classes, 1), smoothing(classes), numbers(5 * n, Real(not_a_number));
  for (std::size_t c = 0; c < classes; ++c) {
    if (!o.class_weights.empty()) w[c] = o.class_weights[c];
    const double u = o.smoothing_prior.empty() ? 1.0 / static_cast<double>(classes)
                                               : double{o.smoothing_prior[c]};
    smoothing[c] = static_cast<Real>(o.label_smoothing * double{w[c]} * u);
  }
  const CrossEntropyArguments p{
      .targets = matrix || data.labels.empty() ? Targets::probabilities
                 : o.label_smoothing > 0       ? Targets::smoothed_labels
                                               : Targets::labels,
      .n = n,
      .classes = classes,
      .inner = data.inner,
      .logits = z.tensor().data,
      .labels = data.labels.empty() ? nullptr : data.labels.data(),
      .probabilities = matrix ? o.target_matrix.data() : t.tensor().data,
      .ignore_index = o.ignore_index,
      .one_minus_epsilon = static_cast<Real>(1 - o.label_smoothing),
      .weights = w.data(),
      .smoothing = smoothing.data(),
      .uniform = o.class_weights.empty() && o.smoothing_prior.empty(),
      .smoothing_sum = static_cast<Real>(
          parallel_sum(classes, [s = smoothing.data()](std::size_t c) { return s[c]; })),
      .tolerance = Real(1e-3),
      .max = &numbers[0],
      .rest = &numbers[n],
      .target_sum = &numbers[2 * n],
      .row_weight = &numbers[3 * n],
      .losses = &numbers[4 * n]};
  kernel.forward(p, 0, n);
  const auto sum = [n](const Real* x) {
    return parallel_sum(n, [x](std::size_t r) { return static_cast<double>(x[r]); });
  };
  const double weight = sum(p.row_weight);
  const double scale = o.reduction != Reduction::mean ? 1 : weight > 0 ? 1 / weight : 0;
  std::vector<Real> dy;
  for (std::size_t r = 0; r < (none ? n : 1); ++r) dy.push_back(upstream(o.reduction, r));
  kernel.backward(p, z.tensor().grad, dy.data(), !none, static_cast<Real>(scale), 0, n);
  const Result result{none ? std::vector(p.losses, p.losses + n)
                           : std::vector{static_cast<Real>(sum(p.losses) * scale)},
                      {z.tensor().gradients().begin(), z.tensor().gradients().end()}};
  return {result, &kernel == &faster_kernel(p)};
}

// What is allowed, in units of one rounding. Weighted targets, and their products with max - z, are
// right to 9 roundings, an exponential e⁻ᵍ to g + 4, log1p to 6. A sum of numbers of one sign is as
// exact as they are, and one rounding for each addition. Σ p g <= log C, because that is entropy
// without log Σ e⁻ᵍ; p g <= 0.4 for each class; and 1 - p of the largest is at most log Σ e⁻ᵍ. So
//
//   a loss      (2 additions + 24) ℓ + A log C
//   a gradient  |dy| A (p (3 additions + 24 + log C) + 12)     (additions + 4 of it for D)
//
// and exponentials that are nearly subnormal may be 0.
void check_result(const Result& found, const CrossEntropySpecification& s, const Data& data,
                  Reduction reduction, double additions) {
  const std::size_t n = data.problem.n, classes = data.problem.classes;
  const double log_classes = std::log(static_cast<double>(classes));
  const double tiny = static_cast<double>(classes) * std::numeric_limits<Real>::min();
  const bool none = reduction == Reduction::none;
  const auto factor = reduction == Reduction::mean ? static_cast<double>(s.mean_factor()) : 1;

  double worst = 0;  // error in parts of what is allowed
  const auto compare = [&](Real number, double expected, double allowed) {
    const double error = std::abs(static_cast<double>(number) - expected) / allowed;
    worst = std::isnan(error) ? infinity : std::max(worst, error);
  };
  double of_sum = 0;
  const std::vector<double> expected = s.reduced(reduction);
  REQUIRE(found.losses.size() == expected.size());
  for (std::size_t r = 0; r < n; ++r) {
    const auto loss = static_cast<double>(s.losses[r]), A = static_cast<double>(s.target_sums[r]);
    const double allowed = unit * ((2 * additions + 24) * loss + A * log_classes) + tiny;
    if (none) compare(found.losses[r], expected[r], allowed);
    of_sum += allowed * factor;
  }
  if (!none) compare(found.losses[0], expected[0], of_sum + unit * (additions + 4) * expected[0]);
  CHECK(worst <= 1);

  worst = 0;
  for (std::size_t r = 0; r < n; ++r) {
    const double dy = static_cast<double>(upstream(reduction, r)) * factor;
    const auto A = static_cast<double>(s.target_sums[r]);
    for (std::size_t c = 0; c < classes; ++c) {
      const auto p = static_cast<double>(s.probabilities[r * classes + c]);
      compare(found.gradients[data.place(r, c)],
              dy * static_cast<double>(s.gradients[r * classes + c]),
              unit * std::abs(dy) * A * (p * (3 * additions + 24 + log_classes) + 12) + tiny);
    }
  }
  CHECK(worst <= 1);
}
}  // namespace

TEST_CASE("cross-entropy is its specification, by either kernel and every option") {
  for (const std::size_t classes : {1, 2, 3, 10, 15, 16, 17, 31, 32, 33, 64, 100, 257, 1000}) {
    const Problem problem(classes);
    // of a sum over classes: in rows by 16 lanes, a tree of 4, the largest and the label
    const double in_lanes = static_cast<double>(classes), in_rows = in_lanes / 16 + 8;
    for (const Case& c : all_cases()) {
      Data data(problem, c);
      const CrossEntropySpecification s(data.logits, data.targets, data.ignored,
                                        problem.options(c, Reduction::none));
      for (const Reduction reduction : reductions) {
        INFO(classes, " classes, target ", static_cast<int>(c.kind), ", smoothing ", c.smoothing,
             ", weights ", c.weights, ", prior ", c.prior, ", ignore ", c.ignore, ", reduction ",
             static_cast<int>(reduction));
        const CrossEntropyOptions o = problem.options(c, reduction);
        data.inner = 17;  // pixels, which only lanes takes
        check_result(compute(data, o), s, data, reduction, in_lanes);
        data.inner = 1;
        const Result chosen = compute(data, o);
        for (const CrossEntropyKernel* kernel : {&cross_entropy_lanes, &cross_entropy_rows}) {
          const bool rows = kernel == &cross_entropy_rows;
          INFO("kernel ", std::string(rows ? "rows" : "lanes"));
          const auto [forced, same] = compute(*kernel, data, o);
          check_result(forced, s, data, reduction, rows ? in_rows : in_lanes);
          if (!same) continue;
          CHECK(forced.losses == chosen.losses);
          CHECK(forced.gradients == chosen.gradients);
        }
      }
    }
  }
}
