#include "search/exact_alpha.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace trefoil::search {

double most_right_alpha(const std::vector<RightInterval>& right, double from, double to) {
  std::vector<std::pair<double, int>> steps = {{to, 0}};  // where the number of right queries changes, and by how much
  for (const RightInterval& interval : right) {
    const double first = std::max(from, static_cast<double>(interval.from));
    const double last = std::min(to, static_cast<double>(interval.to));
    if (!(first < last)) continue;
    steps.emplace_back(first, 1);
    steps.emplace_back(last, -1);
  }
  std::sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::int64_t count = 0;
  std::int64_t most = -1;
  double widest = 0;
  double best = from;
  double begin = from;  // of the run of equal counts
  for (std::size_t i = 0; i < steps.size();) {
    const double place = steps[i].first;
    std::int64_t change = 0;
    for (; i < steps.size() && steps[i].first == place; ++i) change += steps[i].second;
    const double width = place - begin;
    if (width > 0 && (count > most || (count == most && width > widest))) {
      most = count;
      widest = width;
      best = begin + width / 2;
    }
    count += change;
    begin = place;
  }
  return best;
}

double least_loss_alpha(const std::function<double(double)>& loss, double from, double to) {
  constexpr int kSteps = 29;  // each leaves 0.618 of the range
  const double share = (std::sqrt(5.0) - 1) / 2;
  double left = to - share * (to - from);
  double right = from + share * (to - from);
  double loss_left = loss(left);
  double loss_right = loss(right);
  for (int i = 0; i < kSteps; ++i) {
    if (loss_left <= loss_right) {
      to = right;
      right = left;
      loss_right = loss_left;
      loss_left = loss(left = to - share * (to - from));
    } else {
      from = left;
      left = right;
      loss_left = loss_right;
      loss_right = loss(right = from + share * (to - from));
    }
  }
  return (from + to) / 2;
}

}  // namespace trefoil::search
