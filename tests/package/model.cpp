#include "model.h"

temper::Sequential make_model(temper::Rng& rng) {
  using namespace temper;
  return Sequential{Linear(2, 16, rng), Tanh(), Linear(16, 2, rng)};
}
