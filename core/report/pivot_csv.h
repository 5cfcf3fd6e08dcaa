// The pivot as CSV files.
#pragma once

#include <string>

#include "report/pivot.h"

namespace trefoil::report {

// pivot.csv: a line for each block and row; for each column its mean and its standard deviation ("4", "4 ±").
std::string pivot_csv(const Pivot& pivot);

// differences.csv: the same with the difference from the baseline and its standard error.
std::string differences_csv(const Pivot& pivot);

}  // namespace trefoil::report
