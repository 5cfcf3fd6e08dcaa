// results.csv: a row for each run.
#pragma once

#include <string>

#include "report/compare.h"

namespace trefoil::report {

// Columns: variant, axes, seed, status, error, metrics, chosen parameters ("chosen.…"), seconds ("seconds.…"),
// directory. A field that does not apply to a run is empty.
std::string results_csv(const Comparison& comparison);

}  // namespace trefoil::report
