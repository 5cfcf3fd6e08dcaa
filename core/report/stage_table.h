// The report's table of times, as data for its template.
#pragma once

#include <kainjow/mustache.hpp>

#include "report/compare.h"

namespace trefoil::report {

// {stage, mean, range, share}: longest first, the total last. `share` is of the total, in percent.
kainjow::mustache::data stage_rows(const Comparison& comparison);

}  // namespace trefoil::report
