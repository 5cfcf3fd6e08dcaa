#include "search/surface.h"

#include <algorithm>
#include <cmath>

namespace trefoil::search {

double Surface::standard_error(std::size_t point, double reference_mean) const {
  const auto count = static_cast<double>(queries);
  const double mean_difference = mean(point) - reference_mean;
  const double variance = difference[point] / count - mean_difference * mean_difference;
  return std::sqrt(std::max(0.0, variance) / count);
}

void Surface::add(const Surface& other) {
  loss.resize(std::max(loss.size(), other.loss.size()));
  difference.resize(std::max(difference.size(), other.difference.size()));
  queries += other.queries;
  for (std::size_t i = 0; i < other.loss.size(); ++i) loss[i] += other.loss[i];
  for (std::size_t i = 0; i < other.difference.size(); ++i) difference[i] += other.difference[i];
}

void Surface::append(const std::vector<float>& losses, const std::vector<float>& reference) {
  queries = static_cast<std::int64_t>(losses.size());
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const auto one = static_cast<double>(losses[i]);
    const double away = reference.empty() ? 0 : one - static_cast<double>(reference[i]);
    sum += one;
    squares += away * away;
  }
  loss.push_back(sum);
  if (!reference.empty()) difference.push_back(squares);
}

}  // namespace trefoil::search
