// Calibration error, by arm and by the amount of smoothing; and the risk of answering.
#pragma once

#include "../statistics/summary.h"
#include "picture.h"

namespace temper::lab {
Picture calibration_bars(const Selection& from);  // ece, ece_scaled
Picture smoothing_sweep(const Selection& from);   // ece, ece_scaled, ece_perfect and error
Picture risk_coverage(const Selection& from);     // risk_coverage
}  // namespace temper::lab
