// temper, the one header to include: a minimal neural-network framework. Start with core/tensor.h.
#pragma once

// Macros that other headers leave behind are put aside meanwhile.
#pragma push_macro("F")
#undef F
#pragma push_macro("I")
#undef I
#pragma push_macro("abs")
#undef abs
#pragma push_macro("check")
#undef check
#pragma push_macro("fail")
#undef fail
#pragma push_macro("index")
#undef index
#pragma push_macro("max")
#undef max
#pragma push_macro("min")
#undef min
#pragma push_macro("require")
#undef require
#pragma push_macro("round")
#undef round
#pragma push_macro("rows")
#undef rows
#pragma push_macro("small")
#undef small
#pragma push_macro("square")
#undef square
#pragma push_macro("sum")
#undef sum
#pragma push_macro("swap")
#undef swap
#ifdef __clang__  // parts of -ffast-math that it has no macro for: see core/real.h
#pragma float_control(push)
#pragma clang diagnostic push
#pragma float_control(precise, on)
#endif

#include "core/blas.h"
#include "core/elementwise.h"
#include "core/labels.h"
#include "core/ops.h"
#include "core/parameter.h"
#include "core/random.h"
#include "core/tape.h"
#include "core/tensor.h"
#include "datasets/augmentation.h"
#include "datasets/data_loader.h"
#include "datasets/idx.h"
#include "datasets/mnist.h"
#include "layers/activations.h"
#include "layers/batch_norm.h"
#include "layers/conv2d.h"
#include "layers/dropout.h"
#include "layers/embedding.h"
#include "layers/flatten.h"
#include "layers/init.h"
#include "layers/layer_norm.h"
#include "layers/linear.h"
#include "layers/pool.h"
#include "layers/sequential.h"
#include "layers/summary.h"
#include "losses/binary_cross_entropy.h"
#include "losses/calibration/calibration.h"
#include "losses/calibration/predictions.h"
#include "losses/calibration/ranking.h"
#include "losses/calibration/scaling.h"
#include "losses/confidence_penalty.h"
#include "losses/cross_entropy.h"
#include "losses/kl_divergence.h"
#include "losses/metrics.h"
#include "losses/mse.h"
#include "losses/targets/target_matrix.h"
#include "optim/adam.h"
#include "optim/clip.h"
#include "optim/plateau.h"
#include "optim/rmsprop.h"
#include "optim/schedule.h"
#include "optim/sgd.h"

#ifdef __clang__
#pragma clang diagnostic pop
#pragma float_control(pop)
#endif
#pragma pop_macro("F")
#pragma pop_macro("I")
#pragma pop_macro("abs")
#pragma pop_macro("check")
#pragma pop_macro("fail")
#pragma pop_macro("index")
#pragma pop_macro("max")
#pragma pop_macro("min")
#pragma pop_macro("require")
#pragma pop_macro("round")
#pragma pop_macro("rows")
#pragma pop_macro("small")
#pragma pop_macro("square")
#pragma pop_macro("sum")
#pragma pop_macro("swap")
