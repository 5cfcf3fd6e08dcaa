// The reliability diagram of one run, as SVG text.
#pragma once

#include <string>

#include "pipeline/calibration.h"

namespace trefoil::report {

// For each bin of confidence, a bar of the accuracy, with the diagonal on which accuracy and confidence agree. A second
// row of bars has the share of the queries in each bin. Bins without queries have no bars.
std::string reliability_chart(const pipeline::Calibration& calibration);

}  // namespace trefoil::report
