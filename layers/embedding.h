// Embedding: a vector for each of a number of things.
#pragma once

#include "init.h"
#include "layer.h"

namespace temper {
// Row i of the weight [rows, width] for every index i: [...] -> [..., width]. Starts from N(0, 1).
// Throws ShapeError for an index that is not a whole number in 0 … rows - 1.
class Embedding : public Layer {
 public:
  Embedding(int rows, int width, Rng& rng) {
    require(rows >= 1 && width >= 1, "Embedding: rows and width must be at least 1, got ", rows,
            " and ", width);
    weight_ = Parameter({rows, width});
    normal()(weight_, rng);
  }

  Tensor forward(Tensor x) override { return embedding(weight_, x); }
  Parts parts() const override { return {{"weight", weight_}}; }
  std::string name() const override {
    const Shape& shape = weight_.tensor().shape;
    return to_string("Embedding(", shape[0], ", ", shape[1], ")");
  }

 private:
  Parameter weight_;
};
}  // namespace temper
