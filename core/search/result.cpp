#include "search/result.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace trefoil::search {

double SearchStage::share_within() const {
  const auto good =
      std::count_if(points.begin(), points.end(), [](const SearchedPoint& point) { return point.within; });
  return points.empty() ? 0 : static_cast<double>(good) / static_cast<double>(points.size());
}

double SearchStage::margin() const {
  const double least = points[best].loss;
  double next = std::numeric_limits<double>::infinity();
  for (const SearchedPoint& point : points) {
    if (point.loss > least) next = std::min(next, point.loss);
  }
  return std::isfinite(next) ? next - least : 0;
}

}  // namespace trefoil::search
