// results.md: a row for each cell.
#pragma once

#include <string>

#include "report/compare.h"

namespace trefoil::report {

// Mean ± standard deviation of every metric, the best cell in bold, and below it what a reader should know.
std::string results_markdown(const Comparison& comparison);

}  // namespace trefoil::report
