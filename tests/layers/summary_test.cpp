#include "layers/summary.h"

#include "layers/activations.h"
#include "layers/dropout.h"
#include "layers/embedding.h"
#include "layers/flatten.h"
#include "layers/linear.h"
#include "layers/sequential.h"
#include "tests/check.h"

using namespace temper;

TEST_CASE("a summary has a line per layer and a total") {
  Rng rng(1);
  Sequential model{Flatten(), Linear(784, 1280, rng), ReLU(), Linear(1280, 10, rng)};
  CHECK(summary(model, {1, 28, 28}) ==
        "   layer              output     parameters\n"
        "0  Flatten            [n, 784]            0\n"
        "1  Linear(784, 1280)  [n, 1280]   1,004,800\n"
        "2  ReLU               [n, 1280]           0\n"
        "3  Linear(1280, 10)   [n, 10]        12,810\n"
        "   total                          1,017,610\n");
}

TEST_CASE("a summary numbers nested layers as their parameters") {
  Rng rng(1);
  Sequential model{Embedding(10, 4, rng),
                   Sequential{Linear(4, 4, rng, {.bias = false}), Dropout(0.5, rng)}, Softmax()};
  CHECK(summary(model, {7}) ==
        "     layer             output     parameters\n"
        "0    Embedding(10, 4)  [n, 7, 4]          40\n"
        "1.0  Linear(4, 4)      [n, 7, 4]          16\n"
        "1.1  Dropout(0.5)      [n, 7, 4]           0\n"
        "2    Softmax           [n, 7, 4]           0\n"
        "     total                                56\n");
}

TEST_CASE("a summary of a single layer, and of none") {
  Rng rng(1);
  Linear layer(3, 333, rng);
  CHECK(summary(layer, {3}) ==
        "layer           output    parameters\n"
        "Linear(3, 333)  [n, 333]       1,332\n"
        "total                          1,332\n");
  Sequential nothing;
  CHECK(summary(nothing, {3}) ==
        "layer       output  parameters\n"
        "Sequential  [n, 3]           0\n"
        "total                        0\n");
}

TEST_CASE("a summary counts tied parameters once in the total and leaves the model as it is") {
  struct Tied : Layer {
    Linear inner;
    explicit Tied(Rng& rng) : inner(2, 2, rng) {}
    Tensor forward(Tensor x) override { return inner.forward(inner.forward(x)); }
    Parts parts() const override { return {{"a", inner}, {"b", inner}}; }
  };
  Rng rng(1);
  Tied model(rng);
  const Tensor weight = model.parameters()[0].tensor;
  const std::vector<Real> before(weight.data, weight.data + 4);
  CHECK(summary(model, {2}) ==
        "   layer         output  parameters\n"
        "   Layer         [n, 2]           0\n"
        "a  Linear(2, 2)                   6\n"
        "b  Linear(2, 2)                   6\n"
        "   total                          6\n");
  CHECK(std::equal(before.begin(), before.end(), weight.data));
}

TEST_CASE("a summary for an input that does not fit throws what the layer throws") {
  Rng rng(1);
  Sequential model{Linear(784, 10, rng)};
  CHECK_THROWS_WITH_AS(summary(model, {1, 28, 28}),
                       "linear: x [1, 1, 28, 28], weight [10, 784]: the last axis of x must be as "
                       "long as a row of the weight",
                       ShapeError);
}
