// Points one by one: images before the last layer, and the difference of every seed.
#pragma once

#include "../statistics/summary.h"
#include "../statistics/verdict.h"
#include "picture.h"

namespace temper::lab {
Picture projections(const Selection& from);  // projection_x, _y, _class
Picture paired_differences(const Claim& claim, const Verdict& verdict);
}  // namespace temper::lab
