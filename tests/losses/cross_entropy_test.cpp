// Softmax cross-entropy, every combination of options: against PyTorch, its specification, central
// differences, published values and the other kind of target.
#include "losses/cross_entropy.h"

#include "tests/check.h"
#include "tests/losses/cross_entropy_specification.h"

using namespace temper;

namespace {
// The problem of cross_entropy_reference.py.
const std::vector<int> labels{2, 0, 1, 0};
constexpr int ignored_label = 1;
const std::vector<Real> weights{Real(0.5), 2, 3}, prior{Real(0.6), Real(0.1), Real(0.3)};
Parameter logits_of_reference() {
  return parameter({4, 3}, {1.5, -0.25, 0.75, -2, 3, 0.5, 0.125, 0.25, -1, 4, -3, 2.5});
}
Parameter rows_of_reference() {
  return parameter({4, 3}, {0.2, 0.3, 0.5, 0, 1, 0, 0.6, 0.4, 0, 0.25, 0.25, 0.5});
}

Tensor constant(const Parameter& p) {
  Tensor t = p.tensor();
  t.grad = nullptr;
  return t;
}

// Σ (i + 1) y_i, so that every row has another upstream gradient.
Tensor weighted_sum(Tensor y) {
  if (y.size() == 1) return y;
  static const Parameter w = parameter({4}, {1, 2, 3, 4});
  return sum(y * constant(w));
}

struct Reference {
  bool soft;
  double smoothing;
  bool weights, ignore, prior;
  Reduction reduction;
  std::vector<double> loss, gradient;

  CrossEntropyOptions options() const {
    CrossEntropyOptions o{.label_smoothing = smoothing, .reduction = reduction};
    if (weights) o.class_weights = ::weights;
    if (ignore) o.ignore_index = ignored_label;
    if (prior) o.smoothing_prior = ::prior;
    return o;
  }
};

const std::vector<Reference> references{
#include "cross_entropy_reference.inc"
};

// Z, y, S, W, U: the house vectors, made with math.fsum.
const std::vector<int> house_labels{2, 0, -100};
const std::vector<Real> house_weights{Real(0.5), 1, 2, 4};
const std::vector<Real> house_prior{Real(0.4), Real(0.3), Real(0.2), Real(0.1)};
Parameter house_logits() {
  return parameter({3, 4}, {1, 2, 3, 4, 0.5, -1.5, 2.5, 0, -2, 0.25, 1.75, -0.5});
}

template <class Targets>
void check_house(const Targets& targets, CrossEntropyOptions o, const std::vector<double>& none,
                 double mean, const std::vector<double>& first_row) {
  constexpr double tolerance = is_double ? 1e-9 : 2e-6;  // ten digits are given
  const Parameter z = house_logits();
  Tape tape;
  o.reduction = Reduction::none;
  check_close(softmax_cross_entropy(tape.input(z), targets, o).values(), none, tolerance);
  o.reduction = Reduction::mean;
  const Tensor loss = softmax_cross_entropy(tape.input(z), targets, o);
  check_close(loss.values(), {mean}, tolerance);
  tape.backward(loss);
  check_close(z.tensor().gradients().first(4), first_row, tolerance);
}
}  // namespace

TEST_CASE("cross-entropy equals PyTorch, the formula and differences for all options") {
  CHECK(references.size() == 108);
  for (const Reference& r : references) {
    INFO("soft ", r.soft, " smoothing ", r.smoothing, " weights ", r.weights, " ignore ", r.ignore,
         " prior ", r.prior, " reduction ", static_cast<int>(r.reduction));
    const Parameter rows = rows_of_reference();
    std::vector<Real> t(12);
    std::vector<bool> ignored(4, false);
    for (std::size_t i = 0; i < 4; ++i) {
      if (r.soft) {
        for (std::size_t c = 0; c < 3; ++c) t[3 * i + c] = rows.tensor().data[3 * i + c];
      } else {
        t[3 * i + static_cast<std::size_t>(labels[i])] = 1;
        ignored[i] = r.ignore && labels[i] == ignored_label;
      }
    }
    const auto loss_of = [&](Tensor z) {
      return r.soft ? softmax_cross_entropy(z, constant(rows), r.options())
                    : softmax_cross_entropy(z, labels, r.options());
    };

    std::vector<Parameter> z;
    z.push_back(logits_of_reference());
    Tape tape;
    const Tensor loss = loss_of(tape.input(z[0]));
    check_close(loss.values(), r.loss);
    check_close(loss.values(),
                CrossEntropySpecification(z[0].tensor().values(), t, ignored, r.options())
                    .reduced(r.reduction));
    tape.backward(weighted_sum(loss));
    check_close(z[0].tensor().gradients(), r.gradient);
    gradients_match([&](auto x) { return loss_of(x[0]); }, z);
  }
}

TEST_CASE("cross-entropy of labels equals that of their one-hot rows, bit for bit or nearly") {
  const Parameter one_hot = parameter({4, 3}, {0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0});
  for (const Reference& r : references) {
    if (r.soft || r.ignore) continue;
    const Parameter a = logits_of_reference(), b = logits_of_reference();
    Tape tape;
    const Tensor hard = softmax_cross_entropy(tape.input(a), labels, r.options());
    const Tensor soft = softmax_cross_entropy(tape.input(b), constant(one_hot), r.options());
    tape.backward(weighted_sum(hard) + weighted_sum(soft));
    const std::vector<double> value(hard.values().begin(), hard.values().end());
    const std::vector<double> gradient(a.tensor().gradients().begin(),
                                       a.tensor().gradients().end());
    check_close(soft.values(), value, is_double ? 1e-14 : 1e-6);
    check_close(b.tensor().gradients(), gradient, is_double ? 1e-14 : 1e-6);
  }
}

TEST_CASE("cross-entropy of labels has the house values") {
  const auto check = [](CrossEntropyOptions o, std::vector<double> none, double mean,
                        const std::vector<double>& gradient) {
    none.push_back(0);
    o.ignore_index = -100;
    check_house(house_labels, o, none, mean, gradient);
  };
  check({}, {1.4401896986, 2.2116666799}, 1.8259281892,
        {.0160293016, .0435721594, -.3815585910, .3219571299});
  check({.label_smoothing = 0.1}, {1.4901896986, 2.2241666799}, 1.8571781892,
        {.0035293016, .0310721594, -.3440585910, .3094571299});
  check({.class_weights = house_weights}, {2.8803793971, 1.1058333399}, 1.5944850948,
        {.0256468826, .0697154550, -.6104937455, .5151314079});
  check({.label_smoothing = 0.1, .class_weights = house_weights}, {2.8123770259, 1.4099375084},
        1.6889258137, {.0204865896, .0592797334, -.5516781596, .4719118366});
  check({.label_smoothing = 0.1, .smoothing_prior = house_prior}, {1.5401896986, 2.2366666799},
        1.8884281892, {-.0039706984, .0285721594, -.3415585910, .3169571299});
  check({.label_smoothing = 0.1, .smoothing_prior = house_prior, .class_weights = house_weights},
        {2.8095661182, 1.2827666743}, 1.6369331170,
        {.0167492417, .0552754141, -.5531264644, .4811018086});
  check({.label_smoothing = 1}, {1.9401896986, 2.3366666799}, 2.1384281892,
        {-.1089706984, -.0814278406, -.0065585910, .1969571299});
}

TEST_CASE("cross-entropy of probability rows has the house values") {
  const Parameter rows = parameter({3, 4}, {.1, .2, .3, .4, .7, .1, .1, .1, .25, .25, .25, .25});
  const auto check = [&](const CrossEntropyOptions& o, const std::vector<double>& none, double mean,
                         const std::vector<double>& gradient) {
    check_house(constant(rows), o, none, mean, gradient);
  };
  check({}, {1.4401896986, 2.2616666799, 2.1766198369}, 1.9594920718,
        {-.0226471322, -.0376185604, -.0210390606, .0813047533});
  check({.label_smoothing = 0.1}, {1.4901896986, 2.2691666799, 2.1766198369}, 1.9786587384,
        {-.0276471322, -.0392852271, -.0193723940, .0863047533});
  check({.class_weights = house_weights}, {2.2284647615, 2.3222500138, 3.6592871942}, 1.5274422269,
        {.0053104331, .0025122941, -.0036534131, -.0041693141});
  check({.label_smoothing = 0.1, .class_weights = house_weights},
        {2.2256538538, 2.5047125149, 3.6592871942}, 1.5608657791,
        {.0035721318, .0006498200, -.0043270433, .0001050915});
}

TEST_CASE("cross-entropy has the values that other projects publish") {
  Tape tape(Tape::Mode::infer);
  const auto loss = [&](const Parameter& z, const auto& targets, CrossEntropyOptions o = {}) {
    return softmax_cross_entropy(tape.input(z), targets, o).values();
  };
  const CrossEntropyOptions none{.reduction = Reduction::none};

  const Parameter mlx = parameter({2, 2}, {2, -1, -1, 2});  // the documentation of MLX
  const Parameter nine_to_one = parameter({2, 2}, {.9, .1, .1, .9});
  check_close(loss(mlx, std::vector{0, 1}, none), {0.0485873516, 0.0485873516});
  check_close(loss(mlx, constant(nine_to_one), none), {0.3485873516, 0.3485873516});

  const Parameter optax = parameter({2, 3}, {1.2, -.8, -.5, .9, -1.2, 1.1});  // and of Optax
  check_close(loss(optax, std::vector{0, 1}, none), {.2761297055, 2.9517987959});

  const Parameter weighted = parameter({2, 3}, {.2, .3, .5, .5, .2, .3});  // pytorch#25571
  const std::vector<Real> w{2, 4, 6};
  const std::vector<int> y{2, 1};
  check_close(loss(weighted, y, {.class_weights = w, .reduction = Reduction::none}),
              {5.6389863651, 4.9593242434});
  check_close(loss(weighted, y, {.class_weights = w}), {1.0598310608});

  // pytorch#107680: PyTorch has 0.87 for these labels and 54.4 for their one-hot rows
  const Parameter z = parameter({2, 3}, {2.3, 2.1, 4.5, 4.2, 3.2, 5.1});
  const Parameter one_hot = parameter({2, 3}, {0, 1, 0, 0, 0, 1});
  const std::vector<Real> heavy{25, 25, 100};
  check_close(loss(z, std::vector{1, 2}, {.class_weights = heavy}), {.8704835015});
  check_close(loss(z, constant(one_hot), {.class_weights = heavy}), {.8704835015});

  const Parameter keras = parameter({1, 3}, {14.4, 10.1, 3.5});  // keras#17634
  check_close(loss(keras, std::vector{0}), {.0134955414});
}

// Logits are rounded to float before both sides see them. What remains is the rounding of the
// kernel: z - max is exact to half a unit of z, so a loss is off by about |z| 2⁻²⁴ per unit of
// mass; the exponentials, each within 2 units, and the lanes' sum of up to C / 16 numbers give a
// relative error of the sum below (C / 16 + 8) 2⁻²⁴, which the logarithm makes an absolute one.
TEST_CASE("cross-entropy is as exact as the number type on random rows of any length") {
  Rng rng(11);
  constexpr double unit = is_double ? 0x1p-53 : 0x1p-24;
  for (const int classes : {1, 2, 3, 10, 15, 16, 17, 33, 100, 1000, 4099}) {
    for (const double scale : {0.1, 1.0, 10.0, 100.0}) {
      const std::size_t n = 7, c = static_cast<std::size_t>(classes);
      const Parameter z = random_parameter({7, classes}, rng, scale);
      std::vector<int> y;
      std::vector<Real> t(n * c);
      for (std::size_t r = 0; r < n; ++r) {
        y.push_back(static_cast<int>(rng.below(c)));
        t[r * c + static_cast<std::size_t>(y.back())] = 1;
      }
      for (const double smoothing : {0.0, 0.1}) {
        INFO("classes ", classes, " scale ", scale, " smoothing ", smoothing);
        const CrossEntropyOptions o{.label_smoothing = smoothing, .reduction = Reduction::none};
        const CrossEntropySpecification expected(z.tensor().values(), t,
                                                 std::vector<bool>(n, false), o);
        Tape tape;
        const Tensor loss = softmax_cross_entropy(tape.input(z), y, o);
        const double sum_error = static_cast<double>(classes) / 16 + 8;
        for (std::size_t r = 0; r < n; ++r) {
          const auto l = static_cast<double>(expected.losses[r]);
          CHECK(std::abs(static_cast<double>(loss.data[r]) - l) <=
                unit * (4 * scale + 4 * l + sum_error * (1 + smoothing * l)));
        }

        std::ranges::fill(z.tensor().gradients(), Real(0));
        tape.backward(sum(loss));  // softmax - target, from exponentials with the same error
        for (std::size_t i = 0; i < n * c; ++i) {
          const auto p = static_cast<double>(expected.probabilities[i]);
          const double error =
              double{z.tensor().grad[i]} - static_cast<double>(expected.gradients[i]);
          CHECK(std::abs(error) <= unit * (4 + p * (sum_error + 8 * scale)));
        }
      }
    }
  }
}
