// Plots: charts of numbers as SVG text, independent of runs. Colours come from the page's style, in which series
// i has the class "s1", "s2", … A mean of several numbers has an error bar of one standard deviation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/spread.h"

namespace trefoil::report {

inline constexpr std::size_t kMostSeries = 6;  // more colours cannot be told apart

struct LinePoint {
  double x = 0;
  Spread y;
  std::string note;  // shown under the pointer
};

struct LineChart {
  std::string x_title;
  std::string y_title;
  std::vector<std::vector<LinePoint>> series;  // each with x rising
  bool joined = true;                          // by lines
};

// The x axis is logarithmic when its values are.
std::string line_chart(const LineChart& chart);

struct DotRow {
  std::string label;
  std::vector<std::optional<Spread>> values;  // of the series
};

struct DotChart {
  std::string title;
  std::vector<DotRow> rows;
};

// A row for each label, with a dot for each series.
std::string dot_chart(const DotChart& chart);

struct Grid {
  std::string across_title;
  std::string down_title;
  std::vector<std::string> across;
  std::vector<std::string> down;
  std::vector<double> values;  // [down][across]
};

// A cell for each pair of values, darker for a larger value, with a ring around the largest. Numbers are shown where
// they fit.
std::string grid_chart(const Grid& grid);

struct Change {
  std::string label;
  Spread change;
};

// A bar for each change, to the left of zero for a loss.
std::string waterfall(const std::string& title, const std::vector<Change>& changes);

}  // namespace trefoil::report
