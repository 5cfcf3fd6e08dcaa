// results.md: a row for each cell.
#pragma once

#include <string>

#include "report/compare.h"

namespace trefoil::report {

// Mean ± standard deviation of every metric, with the best cell in bold, and the notes below the table.
std::string results_markdown(const Comparison& comparison);

}  // namespace trefoil::report
