#include "search/cache_hyperparameters.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace trefoil::search {

namespace {

std::vector<double> values_or(const std::optional<config::SearchAxis>& axis, double value) {
  return axis ? axis->values : std::vector<double>{value};
}

// The best α of every pair by accuracy. A few values of β at a time, to limit the memory for the intervals.
std::vector<double> exact_alphas(const LossEvaluator& evaluator, const Grid& grid, const config::SearchAxis& alpha) {
  constexpr std::int64_t kIntervals = std::int64_t{1} << 25U;  // 256 MiB
  const std::int64_t per_beta = evaluator.queries() * static_cast<std::int64_t>(grid.gammas.size());
  const auto step =
      static_cast<std::size_t>(std::max<std::int64_t>(1, kIntervals / std::max<std::int64_t>(1, per_beta)));
  std::vector<double> alphas;
  for (std::size_t first = 0; first < grid.betas.size(); first += step) {
    const std::size_t last = std::min(first + step, grid.betas.size());
    const std::vector<double> betas(grid.betas.begin() + static_cast<std::ptrdiff_t>(first),
                                    grid.betas.begin() + static_cast<std::ptrdiff_t>(last));
    for (const auto& right : evaluator.intervals(betas, grid.gammas)) {
      alphas.push_back(most_right_alpha(right, alpha.values.front(), alpha.values.back()));
    }
  }
  return alphas;
}

// Evenly spaced values over the range, the first step of an exact search by a smooth metric.
std::vector<double> coarse_alphas(const config::SearchAxis& alpha) {
  constexpr int kCount = 33;
  const double from = alpha.values.front();
  const double to = alpha.values.back();
  std::vector<double> values;
  for (int i = 0; i < kCount; ++i) {
    const double fraction = static_cast<double>(i) / (kCount - 1);
    values.push_back(alpha.logarithmic ? from * std::pow(to / from, fraction) : from + (to - from) * fraction);
  }
  return values;
}

// For the β and γ of the point `best`: finds the best α between the two neighbours of its α, and adds it to the grid.
void refine(const LossEvaluator& evaluator, Grid& grid, std::size_t best, const Progress& progress) {
  const std::size_t place = best % grid.alphas_per_pair();
  const double from = grid.alphas[place > 0 ? place - 1 : place];
  const double to = grid.alphas[std::min(place + 1, grid.alphas.size() - 1)];
  const auto loss = [&](double alpha) {
    progress(0, 1);  // so that the user can interrupt
    double sum = 0;
    for (const float query_loss : evaluator.losses(alpha, grid.beta(best), grid.gamma(best))) {
      sum += static_cast<double>(query_loss);
    }
    return sum;
  };
  const double refined = lowest_within(loss, from, to);
  grid.alphas.insert(std::lower_bound(grid.alphas.begin(), grid.alphas.end(), refined), refined);
}

Grid make_grid(const LossEvaluator& evaluator, const CacheHyperparameterAxes& axes, const CacheHyperparameters& start,
               const SelectionRule& rule, Metric metric, const Progress& progress) {
  Grid grid{values_or(axes.beta, start.beta), values_or(axes.gamma, start.gamma), values_or(axes.alpha, start.alpha)};
  if (!axes.alpha || !axes.alpha->exact) {
    std::sort(grid.alphas.begin(), grid.alphas.end());
  } else if (metric == Metric::accuracy) {
    grid.alphas = exact_alphas(evaluator, grid, *axes.alpha);
    grid.alpha_of_pair = true;
  } else {
    grid.alphas = coarse_alphas(*axes.alpha);
    refine(evaluator, grid, best_point(grid, evaluator.loss_grid(grid, {}, progress), rule), progress);
  }
  return grid;
}

}  // namespace

CacheHyperparameterSearch search_cache_hyperparameters(const LossEvaluator& evaluator,
                                                       const CacheHyperparameterAxes& axes,
                                                       const CacheHyperparameters& start, const SelectionRule& rule,
                                                       Metric metric, const Progress& progress) {
  CacheHyperparameterSearch result;
  result.grid = make_grid(evaluator, axes, start, rule, metric, progress);
  result.losses = evaluator.loss_grid(result.grid, {}, progress);
  result.best = best_point(result.grid, result.losses, rule);
  const CacheHyperparameters best = result.at(result.best);
  result.best_losses = evaluator.losses(best.alpha, best.beta, best.gamma);
  return result;
}

double distance(const CacheHyperparameterAxes& axes, const CacheHyperparameters& values,
                const CacheHyperparameters& start) {
  return std::hypot(axes.alpha ? distance(*axes.alpha, values.alpha, start.alpha) : 0,
                    axes.beta ? distance(*axes.beta, values.beta, start.beta) : 0,
                    axes.gamma ? distance(*axes.gamma, values.gamma, start.gamma) : 0);
}

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
  double begin = from;  // of the interval with this count
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

double lowest_within(const std::function<double(double)>& loss, double from, double to) {
  constexpr int kSteps = 29;  // each step keeps 0.618 of the range
  const double kept = (std::sqrt(5.0) - 1) / 2;
  double left = to - kept * (to - from);
  double right = from + kept * (to - from);
  double loss_left = loss(left);
  double loss_right = loss(right);
  for (int i = 0; i < kSteps; ++i) {
    if (loss_left <= loss_right) {
      to = right;
      right = left;
      loss_right = loss_left;
      loss_left = loss(left = to - kept * (to - from));
    } else {
      from = left;
      left = right;
      loss_left = loss_right;
      loss_right = loss(right = from + kept * (to - from));
    }
  }
  return (from + to) / 2;
}

}  // namespace trefoil::search
