// Gradient clipping: between backward() and step().
#pragma once

#include "../core/tensor.h"

namespace temper::inline TEMPER_PRECISION {

// Scales all gradients by min(1, max_norm / (‖g‖ + 1e-6)), where ‖g‖ = √Σ g² goes over all
// parameters together, tied ones once; returns ‖g‖ as it was (Pascanu et al. 2013; PyTorch's
// clip_grad_norm_). Throws NumericError, with the parameter's name, if a gradient is infinite or
// not a number: scaling would spread it to every parameter. Gradients are then left as they are.
double clip_grad_norm(const Parameters& parameters, double max_norm);

// Limits every number of every gradient to [-limit, limit]; NaN stays NaN.
void clip_grad_value(const Parameters& parameters, double limit);

}  // namespace temper::inline TEMPER_PRECISION
