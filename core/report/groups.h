// Groups: the cells that a picture of one or two axes shows.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "report/compare.h"

namespace trefoil::report {

// Cells along an axis, by their number in `Axis::values`: alike in everything else, or the best of each value.
struct Group {
  std::vector<const Cell*> by_value;  // null where there is none with an accuracy
};

// Whether two cells that have accuracies differ in the axis but not in the variant nor in what their section is about:
// the α of one relation and that of another are two things.
bool can_be_plotted(const Comparison& comparison, std::size_t axis);

// The groups of two values and more that differ in nothing but the axis.
std::vector<Group> groups_along(const Comparison& comparison, std::size_t axis);

// For each value the best cell that has it.
Group best_along(const Comparison& comparison, std::size_t axis);

// For each pair of values, by their numbers in the axes, the best cell that has them.
using Pairs = std::map<std::pair<std::size_t, std::size_t>, const Cell*>;
Pairs best_of_pairs(const Comparison& comparison, std::size_t axis, std::size_t other);

// The axes whose values differ between cells.
std::vector<std::size_t> differing_axes(const std::vector<const Cell*>& cells);

}  // namespace trefoil::report
