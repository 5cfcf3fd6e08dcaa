// Groups: the cells that a chart of one or two axes shows.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "report/compare.h"

namespace trefoil::report {

// Cells along an axis, by index in `Axis::values`. The cells are equal in all other settings, or they are the best cell
// of each value.
struct Group {
  std::vector<const Cell*> by_value;  // null where there is none with an accuracy
};

// Whether two cells that have accuracies differ in the axis, and agree in the variant and in the plugin of the axis's
// section: α of one relation cannot be compared with α of another one.
bool can_be_plotted(const Comparison& comparison, std::size_t axis);

// The groups of at least two values that differ in the axis only.
std::vector<Group> groups_along(const Comparison& comparison, std::size_t axis);

// The best cell of each value.
Group best_along(const Comparison& comparison, std::size_t axis);

// The best cell of each pair of values, by the indices of the values.
using Pairs = std::map<std::pair<std::size_t, std::size_t>, const Cell*>;
Pairs best_of_pairs(const Comparison& comparison, std::size_t axis, std::size_t other);

// The axes whose values differ between cells.
std::vector<std::size_t> differing_axes(const std::vector<const Cell*>& cells);

}  // namespace trefoil::report
