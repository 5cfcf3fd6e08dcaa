// Rule: which point of a surface is taken.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "config/search_section.h"
#include "search/surface.h"

namespace trefoil::search {

struct Rule {
  bool first_of_ties = false;  // else the middle of the widest run of equal α
  double tolerance = 1;        // standard errors; 0: the best point itself
};

// Of the points with the least loss, one.
std::size_t best_point(const Grid& grid, const Surface& surface, const Rule& rule);

// How far a value is from another on its axis: 1 is the whole range of the axis.
double distance(const config::SearchAxis& axis, double value, double from);

struct Taken {
  std::optional<std::size_t> point;  // nothing when no point is good
  double distance = 0;               // of it
  std::vector<bool> good;            // which points the objective cannot tell from the best
};

// The point nearest to where one starts, of those whose mean loss is at most `tolerance` standard errors above `least`,
// the mean loss of the best point there is, which `surface` is compared with; of equally near ones that of less loss,
// then the first.
Taken nearest_of_the_good(const Surface& surface, double least, const Rule& rule,
                          const std::function<double(std::size_t)>& distance_of);

}  // namespace trefoil::search
