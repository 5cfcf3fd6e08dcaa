#include "search/rule.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace trefoil::search {

namespace {

// The order in which grids are usually searched: β, then α, then γ.
auto usual_order(const Grid& grid, std::size_t point) {
  const std::size_t pair = point / grid.alphas_per_pair();
  return std::make_tuple(pair / grid.gammas.size(), point % grid.alphas_per_pair(), pair % grid.gammas.size());
}

}  // namespace

std::size_t best_point(const Grid& grid, const Surface& surface, const Rule& rule) {
  const double least = *std::min_element(surface.loss.begin(), surface.loss.end());
  std::size_t first = grid.points();
  std::size_t middle = 0;
  std::size_t longest = 0;
  std::size_t run = 0;  // points of least loss up to this one, within its pair
  for (std::size_t point = 0; point < grid.points(); ++point) {
    if (point % grid.alphas_per_pair() == 0) run = 0;
    run = surface.loss[point] == least ? run + 1 : 0;
    if (run == 0) continue;
    if (first == grid.points() || usual_order(grid, point) < usual_order(grid, first)) first = point;
    if (run > longest) {
      longest = run;
      middle = point - (run - 1) / 2;
    }
  }
  return rule.first_of_ties ? first : middle;
}

double distance(const config::SearchAxis& axis, double value, double from) {
  const auto [low, high] = std::minmax_element(axis.values.begin(), axis.values.end());
  if (*low == *high) return 0;
  if (axis.logarithmic && value > 0 && from > 0) return std::log(value / from) / std::log(*high / *low);
  return (value - from) / (*high - *low);
}

Taken nearest_of_the_good(const Surface& surface, double least, const Rule& rule,
                          const std::function<double(std::size_t)>& distance_of) {
  Taken taken;
  for (std::size_t point = 0; point < surface.loss.size(); ++point) {
    const bool good = surface.mean(point) - least <= rule.tolerance * surface.standard_error(point, least);
    taken.good.push_back(good);
    if (!good) continue;
    const double away = distance_of(point);
    const bool nearer = !taken.point || away < taken.distance ||
                        (away == taken.distance && surface.loss[point] < surface.loss[*taken.point]);
    if (!nearer) continue;
    taken.point = point;
    taken.distance = away;
  }
  return taken;
}

}  // namespace trefoil::search
