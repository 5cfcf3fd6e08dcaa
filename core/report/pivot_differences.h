// PivotDifferences: how far the rows of a pivot are from its baseline.
#pragma once

#include <vector>

#include "report/pivot.h"
#include "report/pivot_grid.h"

namespace trefoil::report {

// Sets `difference` of every value that can be compared with the baseline: both have runs of equal seeds, whose queries
// have labels. `pivot` has the values of `grid`. Reads two files of every run, so a comparison of more than 20,000 runs
// gets no differences.
void add_differences(Pivot& pivot, const PivotGrid& grid, const std::vector<Run>& runs);

}  // namespace trefoil::report
