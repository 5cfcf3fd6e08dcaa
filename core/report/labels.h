// Labels: short names of cells and runs.
#pragma once

#include <string>
#include <vector>

#include "report/compare.h"

namespace trefoil::report {

// The short name of the axis; its key when another axis has the same short name.
std::string axis_name(const std::vector<Axis>& axes, std::size_t axis);

// "without γ · Q = 256, α = 4": the variant, and the values of the axes in `shown_axes`. "all alike" when there is no
// variant and no axis.
std::string cell_label(const Comparison& comparison, const Cell& cell, const std::vector<std::size_t>& shown_axes);
std::string cell_label(const Comparison& comparison, const Cell& cell);  // with all axes

// "3", or "2 of 3" when some run of the cell is not done.
std::string runs_text(const Cell& cell);

// "top-1", "top-5", "mean of classes", "ECE", "−log p"; "top-1 of CARS" for a subset.
std::string metric_label(const std::string& metric);

// The label with its unit, for the head of a column: "top-1, %", "−log p".
std::string metric_heading(const std::string& metric);

// "91.93 ± 0.12", without the unit.
std::string metric_text(const std::string& metric, const Spread& spread);

// "91.93 %"; "1.052" for −log p, which has no unit.
std::string mean_text(const std::string& metric, const Spread& spread);

// " ± 0.12"; "" of a single value, or of equal values.
std::string deviation_text(const std::string& metric, const Spread& spread);

}  // namespace trefoil::report
