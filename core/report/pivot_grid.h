// PivotGrid: the cells of a comparison, sorted into blocks, rows and columns.
#pragma once

#include <string>
#include <vector>

#include "report/pivot_axes.h"

namespace trefoil::report {

struct PivotGrid {
  std::vector<std::string> rows;  // labels: "Tip", "ape, λ = 0.5"
  std::vector<std::string> columns;
  std::vector<std::string> blocks;     // one without a name when no axis has blocks
  std::vector<double> column_numbers;  // of the columns; empty when they are no numbers
  std::vector<const Cell*> cells;      // [block][row][column], null where nothing was run
  std::string row_title;
  std::string column_title;

  const Cell* at(std::size_t block, std::size_t row, std::size_t column) const {
    return cells[(block * rows.size() + row) * columns.size() + column];
  }
};

// The cells stay in `comparison`.
PivotGrid pivot_grid(const Comparison& comparison, const PivotAxes& axes);

}  // namespace trefoil::report
