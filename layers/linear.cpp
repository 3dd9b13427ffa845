// Making and describing a Linear; the op itself is in core/matrix.cpp.
#include "linear.h"

#include <cmath>

namespace temper::inline TEMPER_PRECISION {

Linear::Linear(int in, int out, Rng& rng, const LinearOptions& options) {
  require(in >= 1 && out >= 1, "Linear: in and out must be at least 1, got ", in, " and ", out);
  weight_ = Parameter({out, in});
  options.init(weight_, rng);
  if (!options.bias) return;
  bias_ = Parameter({out});
  const double bound = 1 / std::sqrt(in);
  uniform(-bound, bound)(bias_, rng);
}

Parameters Linear::parameters() const {
  if (bias_.tensor().data == nullptr) return {{"weight", weight_}};
  return {{"weight", weight_}, {"bias", bias_}};
}

std::string Linear::name() const {
  const Shape& shape = weight_.tensor().shape;
  return text("Linear(", shape[1], ", ", shape[0], ")");
}

}  // namespace temper::inline TEMPER_PRECISION
