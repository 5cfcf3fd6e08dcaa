// Figures: which pictures a comparison gives, and what is in them.
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

// Accuracy against each axis along which comparable cells differ: a curve for numbers, rows of dots otherwise. A line
// for each combination of the other axes where there are few; else the best over them.
std::vector<Figure> axis_figures(const Comparison& comparison);

// A map of accuracy for each pair of numeric axes of which every combination was run.
std::vector<Figure> grid_figures(const Comparison& comparison);

// What each ablation changes; nothing without a base.
std::vector<Figure> ablation_figures(const Comparison& comparison);

}  // namespace trefoil::report
