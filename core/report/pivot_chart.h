// The figure of papers: accuracy against the columns of a pivot, such as shots; a panel for each block.
#pragma once

#include <string>
#include <vector>

#include "report/pivot.h"

namespace trefoil::report {

// Which rows of the pivot the figure shows: all, or the ten with the best mean accuracy, in the order of the table.
// Empty when the columns are fewer than two, or no numbers.
std::vector<std::size_t> charted_rows(const Pivot& pivot);

// One panel for a page, which has the colours and the legend.
std::string pivot_panel(const Pivot& pivot, std::size_t block, const std::vector<std::size_t>& rows);

// Panels of these blocks side by side with a legend, as an SVG file of its own.
std::string pivot_figure(const Pivot& pivot, const std::vector<std::size_t>& blocks,
                         const std::vector<std::size_t>& rows);

}  // namespace trefoil::report
