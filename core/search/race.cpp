#include "search/race.h"

#include <algorithm>
#include <numeric>

#include "search/loss_grid.h"

namespace trefoil::search {

std::vector<bool> stays_in_race(const std::vector<std::vector<float>>& losses) {
  constexpr double kStandardErrors = 4;
  std::vector<double> sums;
  sums.reserve(losses.size());
  for (const std::vector<float>& setting : losses) sums.push_back(std::accumulate(setting.begin(), setting.end(), 0.0));
  const auto leader = static_cast<std::size_t>(std::min_element(sums.begin(), sums.end()) - sums.begin());
  std::vector<bool> stays;
  for (const std::vector<float>& setting : losses) {
    LossGrid point;
    point.append_point(setting, losses[leader]);
    const double lowest = sums[leader] / static_cast<double>(point.queries);
    stays.push_back(point.mean(0) - lowest <= kStandardErrors * point.standard_error(0, lowest));
  }
  return stays;
}

}  // namespace trefoil::search
