// Figures: the charts of a comparison, with titles and legends.
#pragma once

#include <string>
#include <vector>

#include "report/compare.h"

namespace trefoil::report {

struct Figure {
  std::string title;
  std::string note;  // what a point stands for
  std::string svg;
  std::vector<std::string> legend;  // of the series; empty with one only
};

// Accuracy against each axis along which comparable cells differ: a line chart for numbers, a dot chart otherwise.
// There is a series for each combination of the other axes, or the best over them when there are many.
std::vector<Figure> axis_figures(const Comparison& comparison);

// A grid chart of the accuracy for each pair of numeric axes whose combinations were all run.
std::vector<Figure> grid_figures(const Comparison& comparison);

// A waterfall chart of the ablations. Empty without a base.
std::vector<Figure> ablation_figures(const Comparison& comparison);

}  // namespace trefoil::report
