// Clipping: limits for gradients, between backward() and step().
#pragma once

#include "optimizer.h"

namespace temper {
// What counts are the gradients that the optimizer's next step will use: each parameter of it once,
// none that is frozen, and none of another optimizer or of nobody, whatever is left over in it.

// Scales all gradients by min(1, max_norm / (‖g‖ + 1e-6)), where ‖g‖ = √Σ g² goes over all of them
// together; returns ‖g‖ as it was (Pascanu et al. 2013; PyTorch's clip_grad_norm_). Throws
// NumericError, with the parameter's name, if a gradient is infinite or not a number: scaling would
// spread it to every parameter. Gradients are then left as they are.
double clip_grad_norm(const Optimizer& optimizer, double max_norm);

// Limits every number of every gradient to [-limit, limit]; NaN stays NaN.
void clip_grad_value(const Optimizer& optimizer, double limit);
}  // namespace temper
