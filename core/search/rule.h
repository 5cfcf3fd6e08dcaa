// Rule: which point of a surface is taken.
#pragma once

#include <cstdint>
#include <functional>
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
  std::size_t point = 0;
  std::vector<bool> within;  // which points the objective cannot tell from the best
};

// The point nearest to where one starts, of those whose mean loss is at most `tolerance` standard errors above that of
// the best; of equally near ones that of less loss, then the first. `surface` is compared with the best point.
Taken nearest_of_the_good(const Surface& surface, std::size_t best, const Rule& rule,
                          const std::function<double(std::size_t)>& distance_of);

}  // namespace trefoil::search
