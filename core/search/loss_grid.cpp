#include "search/loss_grid.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace trefoil::search {

namespace {

// values[first, first + count), or fewer at the end.
std::vector<double> slice(const std::vector<double>& values, std::size_t first, std::size_t count) {
  const std::size_t last = std::min(first + count, values.size());
  return {values.begin() + static_cast<std::ptrdiff_t>(first), values.begin() + static_cast<std::ptrdiff_t>(last)};
}

// The values of α of a part. With `alpha_of_pair`, its pairs are not consecutive in the whole grid.
std::vector<double> alphas_of(const GridPart& part, const Grid& whole, std::size_t count) {
  if (!whole.alpha_of_pair) return slice(whole.alphas, part.first_alpha, count);
  std::vector<double> alphas;
  for (std::size_t beta = 0; beta < part.grid.betas.size(); ++beta) {
    const std::size_t first = (part.first_beta + beta) * whole.gammas.size() + part.first_gamma;
    for (std::size_t gamma = 0; gamma < part.grid.gammas.size(); ++gamma) alphas.push_back(whole.alphas[first + gamma]);
  }
  return alphas;
}

template <typename Number>
void add_all(const std::vector<Number>& from, std::vector<Number>& to) {
  for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

// From changes [pairs][A + 1] to the values [pairs][A].
std::vector<double> running_sums(const std::vector<std::int32_t>& changes, std::size_t stride) {
  std::vector<double> values;
  values.reserve(changes.size());
  for (std::size_t first = 0; first < changes.size(); first += stride) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i + 1 < stride; ++i) values.push_back(static_cast<double>(sum += changes[first + i]));
  }
  return values;
}

}  // namespace

std::size_t GridPart::point_in(const Grid& whole, std::size_t point) const {
  const std::size_t pair = point / grid.alphas_per_pair();
  const std::size_t beta = first_beta + pair / grid.gammas.size();
  const std::size_t gamma = first_gamma + pair % grid.gammas.size();
  const std::size_t alpha = first_alpha + point % grid.alphas_per_pair();
  return (beta * whole.gammas.size() + gamma) * whole.alphas_per_pair() + alpha;
}

std::vector<GridPart> parts_of(const Grid& grid, std::size_t most_points) {
  const std::size_t alphas = std::min(grid.alphas_per_pair(), most_points);
  const std::size_t gammas = std::min(grid.gammas.size(), most_points / alphas);
  const std::size_t betas = most_points / (alphas * gammas);
  std::vector<GridPart> parts;
  for (std::size_t beta = 0; beta < grid.betas.size(); beta += betas) {
    for (std::size_t gamma = 0; gamma < grid.gammas.size(); gamma += gammas) {
      for (std::size_t alpha = 0; alpha < grid.alphas_per_pair(); alpha += alphas) {
        GridPart part{{slice(grid.betas, beta, betas), slice(grid.gammas, gamma, gammas), {}, grid.alpha_of_pair},
                      beta,
                      gamma,
                      alpha};
        part.grid.alphas = alphas_of(part, grid, alphas);
        parts.push_back(std::move(part));
      }
    }
  }
  return parts;
}

double LossGrid::standard_error(std::size_t point, double reference_mean) const {
  const auto count = static_cast<double>(queries);
  const double mean_difference = mean(point) - reference_mean;
  const double variance = squared_differences[point] / count - mean_difference * mean_difference;
  return std::sqrt(std::max(0.0, variance) / count);
}

void LossGrid::add_queries(const LossGrid& other) {
  loss_sums.resize(std::max(loss_sums.size(), other.loss_sums.size()));
  squared_differences.resize(std::max(squared_differences.size(), other.squared_differences.size()));
  queries += other.queries;
  add_all(other.loss_sums, loss_sums);
  add_all(other.squared_differences, squared_differences);
}

void LossGrid::append_point(const std::vector<float>& losses, const std::vector<float>& reference) {
  queries = static_cast<std::int64_t>(losses.size());
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const auto loss = static_cast<double>(losses[i]);
    const double difference = reference.empty() ? 0 : loss - static_cast<double>(reference[i]);
    sum += loss;
    squares += difference * difference;
  }
  loss_sums.push_back(sum);
  if (!reference.empty()) squared_differences.push_back(squares);
}

void LossGrid::insert(const LossGrid& part_losses, const GridPart& part, const Grid& whole) {
  queries = part_losses.queries;
  loss_sums.resize(whole.points());
  if (!part_losses.squared_differences.empty()) squared_differences.resize(whole.points());
  for (std::size_t point = 0; point < part.grid.points(); ++point) {
    const std::size_t place = part.point_in(whole, point);
    loss_sums[place] = part_losses.loss_sums[point];
    if (!squared_differences.empty()) squared_differences[place] = part_losses.squared_differences[point];
  }
}

double mean_of(const std::vector<float>& losses) {
  return std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
}

LossAccumulator::LossAccumulator(const Grid& grid, Metric metric, bool has_reference) : grid_(&grid) {
  if (metric == Metric::accuracy) {
    wrong_.resize(grid.pairs() * (grid.alphas_per_pair() + 1));
    if (has_reference) differing_.resize(wrong_.size());
  } else {
    loss_sums_.resize(grid.points());
    if (has_reference) squared_differences_.resize(loss_sums_.size());
  }
}

void LossAccumulator::add(std::size_t point, float loss, const float* reference) {
  loss_sums_[point] += static_cast<double>(loss);
  if (reference == nullptr) return;
  const double difference = static_cast<double>(loss) - static_cast<double>(*reference);
  squared_differences_[point] += difference * difference;
}

void LossAccumulator::add(std::size_t pair, const RightInterval& right, const float* reference) {
  const std::size_t count = grid_->alphas_per_pair();
  const double* alphas = grid_->alphas_of(pair);
  std::size_t first = 0;
  while (first < count && static_cast<float>(alphas[first]) <= right.from) ++first;
  std::size_t last = first;
  while (last < count && static_cast<float>(alphas[last]) < right.to) ++last;
  std::int32_t* wrong = wrong_.data() + pair * (count + 1);
  ++wrong[0];
  --wrong[first];
  ++wrong[last];
  if (reference == nullptr) return;
  // If the reference is right on this query, the points that are wrong differ from it; otherwise those that are right.
  std::int32_t* differing = differing_.data() + pair * (count + 1);
  const bool reference_is_right = *reference == 0;
  const std::int32_t sign = reference_is_right ? 1 : -1;
  if (reference_is_right) ++differing[0];
  differing[first] -= sign;
  differing[last] += sign;
}

void LossAccumulator::add(const LossAccumulator& other) {
  add_all(other.wrong_, wrong_);
  add_all(other.differing_, differing_);
  add_all(other.loss_sums_, loss_sums_);
  add_all(other.squared_differences_, squared_differences_);
}

LossGrid LossAccumulator::loss_grid(std::int64_t queries) const {
  const std::size_t stride = grid_->alphas_per_pair() + 1;
  if (wrong_.empty()) return {queries, loss_sums_, squared_differences_};
  return {queries, running_sums(wrong_, stride), running_sums(differing_, stride)};
}

}  // namespace trefoil::search
