// Pivot: the table that papers print: rows such as methods, columns such as shots, and a block for each data set.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/compare.h"
#include "report/paired.h"

namespace trefoil::report {

enum class Mark { none, second, best };  // place within the block and the column

struct PivotValue {
  Spread accuracy;  // top-1 in percent, over the seeds
  Mark mark = Mark::none;
  std::optional<Difference> difference;  // from the baseline
};

// A method of a paper, beside our rows.
struct PublishedRow {
  std::string method;
  std::string source;
  std::vector<std::optional<double>> values;  // of the columns
};

struct PivotBlock {
  std::string name;                                            // "" when there is only one
  std::vector<std::vector<std::optional<PivotValue>>> values;  // [row][column]
  std::vector<PublishedRow> published;
};

struct Pivot {
  std::string row_title;
  std::string column_title;
  std::vector<std::string> rows;
  std::vector<std::string> columns;
  std::vector<double> column_numbers;  // empty when the columns are no numbers
  std::vector<PivotBlock> blocks;      // with several data sets, the last one is their average
  bool has_average = false;
  std::size_t baseline = 0;  // the row that the others are compared with
  bool has_differences = false;
  std::string note;  // about the baseline, or ""
};

// Returns nothing when the runs make no table, see pivot_axes. The average is over the data sets, seed by seed, and
// exists only where every data set has a value. When the chosen baseline is no row, the best row takes its place,
// and `note` says so. Throws the errors of pivot_axes, and DataError when the file of published accuracies cannot be
// read.
std::optional<Pivot> pivot_of(const Comparison& comparison);

}  // namespace trefoil::report
