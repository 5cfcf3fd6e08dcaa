// results.md: the table of methods and shots, and a row for each cell.
#pragma once

#include <optional>
#include <string>

#include "report/compare.h"
#include "report/pivot.h"

namespace trefoil::report {

// The pivot, if there is one. Then the mean ± standard deviation of every metric, with the best cell in bold, and the
// notes.
std::string results_markdown(const Comparison& comparison, const std::optional<Pivot>& pivot);

}  // namespace trefoil::report
