#include "plots.h"

namespace temper::lab {
Picture reliability_diagrams(const Selection&) { return {}; }
Picture confidence_histograms(const Selection&) { return {}; }
Picture smoothing_sweep(const Selection&) { return {}; }
Picture learning_curves(const Selection&) { return {}; }
Picture accuracy_under_noise(const Selection&) { return {}; }
Picture risk_coverage(const Selection&) { return {}; }
Picture projections(const Selection&) { return {}; }
Picture teachers_and_students(const Selection&) { return {}; }
}  // namespace temper::lab
