// The pivot as LaTeX.
#pragma once

#include <string>

#include "report/pivot.h"

namespace trefoil::report {

// A tabular for a paper. It needs the packages booktabs and xcolor.
std::string pivot_latex(const Pivot& pivot);

}  // namespace trefoil::report
