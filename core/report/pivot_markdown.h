// The pivot as Markdown.
#pragma once

#include <string>

#include "report/pivot.h"

namespace trefoil::report {

// A table for each block: the best of a column in bold, the second underlined, published values in italics. Then the
// differences from the baseline.
std::string pivot_markdown(const Pivot& pivot);

}  // namespace trefoil::report
