// Reduction: what becomes of the losses of a batch.
#pragma once

#include "../core/real.h"

namespace temper::inline TEMPER_PRECISION {

enum class Reduction { none, sum, mean };

}  // namespace temper::inline TEMPER_PRECISION
