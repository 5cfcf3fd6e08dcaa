#include "search/selection.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace trefoil::search {

namespace {

// The order in which a loop over β, α and γ visits the points.
auto loop_order(const Grid& grid, std::size_t point) {
  const std::size_t pair = point / grid.alphas_per_pair();
  return std::make_tuple(pair / grid.gammas.size(), point % grid.alphas_per_pair(), pair % grid.gammas.size());
}

}  // namespace

std::size_t best_point(const Grid& grid, const LossGrid& losses, const SelectionRule& rule) {
  const double lowest = *std::min_element(losses.loss_sums.begin(), losses.loss_sums.end());
  std::size_t first = grid.points();
  std::size_t middle = 0;
  std::size_t longest = 0;
  std::size_t run = 0;  // number of points of lowest loss up to this one, within its pair
  for (std::size_t point = 0; point < grid.points(); ++point) {
    if (point % grid.alphas_per_pair() == 0) run = 0;
    run = losses.loss_sums[point] == lowest ? run + 1 : 0;
    if (run == 0) continue;
    if (first == grid.points() || loop_order(grid, point) < loop_order(grid, first)) first = point;
    if (run > longest) {
      longest = run;
      middle = point - (run - 1) / 2;
    }
  }
  return rule.first_of_ties ? first : middle;
}

double distance(const config::SearchAxis& axis, double value, double start) {
  const auto [low, high] = std::minmax_element(axis.values.begin(), axis.values.end());
  if (*low == *high) return 0;
  if (axis.logarithmic && value > 0 && start > 0) return std::log(value / start) / std::log(*high / *low);
  return (value - start) / (*high - *low);
}

Selection nearest_within_tolerance(const LossGrid& losses, double lowest, const SelectionRule& rule,
                                   const std::function<double(std::size_t)>& distance_of) {
  Selection selection;
  for (std::size_t point = 0; point < losses.loss_sums.size(); ++point) {
    const bool within = losses.mean(point) - lowest <= rule.tolerance * losses.standard_error(point, lowest);
    selection.within_tolerance.push_back(within);
    if (!within) continue;
    const double away = distance_of(point);
    const bool nearer = !selection.point || away < selection.distance ||
                        (away == selection.distance && losses.loss_sums[point] < losses.loss_sums[*selection.point]);
    if (!nearer) continue;
    selection.point = point;
    selection.distance = away;
  }
  return selection;
}

}  // namespace trefoil::search
