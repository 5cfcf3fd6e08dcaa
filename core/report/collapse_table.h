// The report's table of neural collapse, as data for its template.
#pragma once

#include <kainjow/mustache.hpp>

#include "report/compare.h"

namespace trefoil::report {

// {label, before, after}: means over the cell's runs.
kainjow::mustache::data collapse_rows(const Comparison& comparison, const Cell& cell);

}  // namespace trefoil::report
