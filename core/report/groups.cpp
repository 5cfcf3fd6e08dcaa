#include "report/groups.h"

#include <algorithm>

#include "report/setting_text.h"

namespace trefoil::report {

namespace {

std::size_t place_of(const Axis& axis, const std::string& value) {
  return static_cast<std::size_t>(std::find(axis.values.begin(), axis.values.end(), value) - axis.values.begin());
}

bool better(const Cell* candidate, const Cell* than) {
  return than == nullptr || candidate->accuracy()->mean > than->accuracy()->mean;
}

// The index of the axis that decides which keys the section of `axis` has; `axis` itself when there is none.
std::size_t leading_axis(const Comparison& comparison, std::size_t axis) {
  const std::string leading = leading_key(section_of(comparison.axes[axis].key));
  for (std::size_t i = 0; i < comparison.axes.size(); ++i) {
    if (comparison.axes[i].key == leading) return i;
  }
  return axis;
}

// The variant and all values of the cell, except its value of the axis.
std::vector<std::string> all_but(std::size_t axis, const Cell& cell) {
  std::vector<std::string> rest = cell.values;
  rest[axis] = cell.variant;
  return rest;
}

std::ptrdiff_t value_count(const Group& group) {
  return std::count_if(group.by_value.begin(), group.by_value.end(), [](const Cell* cell) { return cell != nullptr; });
}

}  // namespace

bool can_be_plotted(const Comparison& comparison, std::size_t axis) {
  const std::size_t leading = leading_axis(comparison, axis);
  std::map<std::pair<std::string, std::string>, std::string> seen;  // a value of the axis, for what is comparable
  for (const Cell& cell : comparison.cells) {
    const bool has_place = cell.accuracy() != nullptr && !(comparison.axes[axis].numeric && cell.values[axis].empty());
    if (!has_place) continue;
    const std::string about = leading == axis ? "" : cell.values[leading];
    const auto [first, is_new] = seen.try_emplace({cell.variant, about}, cell.values[axis]);
    if (!is_new && first->second != cell.values[axis]) return true;
  }
  return false;
}

std::vector<Group> groups_along(const Comparison& comparison, std::size_t axis) {
  const Axis& along = comparison.axes[axis];
  std::vector<Group> groups;
  std::map<std::vector<std::string>, std::size_t> numbers;
  for (const Cell& cell : comparison.cells) {
    if (cell.accuracy() == nullptr) continue;
    const auto [number, is_new] = numbers.try_emplace(all_but(axis, cell), groups.size());
    if (is_new) groups.push_back({std::vector<const Cell*>(along.values.size(), nullptr)});
    groups[number->second].by_value[place_of(along, cell.values[axis])] = &cell;
  }
  groups.erase(std::remove_if(groups.begin(), groups.end(), [](const Group& g) { return value_count(g) < 2; }),
               groups.end());
  return groups;
}

Group best_along(const Comparison& comparison, std::size_t axis) {
  const Axis& along = comparison.axes[axis];
  Group group{std::vector<const Cell*>(along.values.size(), nullptr)};
  for (const Cell& cell : comparison.cells) {
    if (cell.accuracy() == nullptr) continue;
    const Cell*& best = group.by_value[place_of(along, cell.values[axis])];
    if (better(&cell, best)) best = &cell;
  }
  return group;
}

Pairs best_of_pairs(const Comparison& comparison, std::size_t axis, std::size_t other) {
  Pairs pairs;
  for (const Cell& cell : comparison.cells) {
    if (cell.accuracy() == nullptr) continue;
    const Cell*& best = pairs[{place_of(comparison.axes[axis], cell.values[axis]),
                               place_of(comparison.axes[other], cell.values[other])}];
    if (better(&cell, best)) best = &cell;
  }
  return pairs;
}

std::vector<std::size_t> differing_axes(const std::vector<const Cell*>& cells) {
  std::vector<std::size_t> axes;
  for (std::size_t axis = 0; !cells.empty() && axis < cells.front()->values.size(); ++axis) {
    const bool differ = std::any_of(cells.begin(), cells.end(), [&](const Cell* cell) {
      return cell->values[axis] != cells.front()->values[axis];
    });
    if (differ) axes.push_back(axis);
  }
  return axes;
}

}  // namespace trefoil::report
