// Selection: which point of a loss grid the search chooses.
//
// The search follows the one-standard-error rule (Breiman, Friedman, Olshen and Stone, Classification and Regression
// Trees, 1984): the held-out queries cannot tell a point from the best one if their mean losses differ by
// less than one standard error. Among such points CART takes the simplest tree. Here the search takes the point nearest
// to the values in the experiment file. The standard error is that of the paired differences, query by query.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "config/search_section.h"
#include "search/loss_grid.h"

namespace trefoil::search {

struct SelectionRule {
  bool first_of_ties = false;  // which of equal losses is best: the first point, or the middle of the longest run of α
  double tolerance = 1;        // in standard errors; 0 chooses the best point itself
};

// Returns a point of minimum loss. `rule` breaks ties; "first" is in the order β, α, γ.
std::size_t best_point(const Grid& grid, const LossGrid& losses, const SelectionRule& rule);

// Signed distance of `value` from `start` on an axis. 1 is the whole range of the axis.
double distance(const config::SearchAxis& axis, double value, double start);

struct Selection {
  std::optional<std::size_t> point;    // empty when no point is within the tolerance
  double distance = 0;                 // of that point from the start
  std::vector<bool> within_tolerance;  // for each point
};

// Selects the nearest point whose mean loss is at most `tolerance` standard errors above `lowest`, the mean loss of the
// best point of the whole search. `losses` must have been computed with the losses of that best point as the reference.
// Of equally near points it selects the one of lower loss, then the first. `distance_of` gives the distance of a point
// from the start.
Selection nearest_within_tolerance(const LossGrid& losses, double lowest, const SelectionRule& rule,
                                   const std::function<double(std::size_t)>& distance_of);

}  // namespace trefoil::search
