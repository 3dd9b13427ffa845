// The number type of the library: float for use, double for the gradient tests.
//
// Everything lives in an inline namespace named after the precision, so that objects compiled for
// one can never be linked with the other by accident.
#pragma once

#ifdef TEMPER_DOUBLE
#define TEMPER_PRECISION f64
#else
#define TEMPER_PRECISION f32
#endif

namespace temper::inline TEMPER_PRECISION {
#ifdef TEMPER_DOUBLE
using Real = double;
#else
using Real = float;
#endif
}  // namespace temper::inline TEMPER_PRECISION
