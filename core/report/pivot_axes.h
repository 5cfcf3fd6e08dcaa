// PivotAxes: which axes of a comparison are the rows, the columns and the blocks of its table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/compare.h"

namespace trefoil::report {

inline constexpr const char* kVariantAxis = "variant";  // the ablations, as an axis

// Keys of axes, or "variant".
struct PivotAxes {
  std::vector<std::string> rows;
  std::vector<std::string> columns;
  std::vector<std::string> blocks;
};

// Columns are the axes that `comparison.choice` names; otherwise the shots, the number with the most values, or the
// last axis. Blocks are the chosen ones; otherwise "dataset", or the settings that tell data sets apart. All other axes
// are rows, the chosen ones first. Returns nothing when there is no accuracy, when nothing is chosen and fewer than two
// axes are left, or when most combinations were not run. Throws Error (configuration) when the choice names no axis.
std::optional<PivotAxes> pivot_axes(const Comparison& comparison);

}  // namespace trefoil::report
