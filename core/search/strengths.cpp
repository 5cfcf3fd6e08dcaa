#include "search/strengths.h"

#include <algorithm>
#include <cmath>

#include "search/exact_alpha.h"

namespace trefoil::search {

namespace {

std::vector<double> values_of(const std::optional<config::SearchAxis>& axis, double otherwise) {
  return axis ? axis->values : std::vector<double>{otherwise};
}

// Every pair's own best α by accuracy. In parts, so that the intervals of all queries do not stand in memory at once.
std::vector<double> exact_alphas(const Judge& judge, const Grid& grid, const config::SearchAxis& alpha) {
  constexpr std::int64_t kIntervals = std::int64_t{1} << 25U;  // 256 MiB
  const std::int64_t of_a_beta = judge.queries() * static_cast<std::int64_t>(grid.gammas.size());
  const auto step =
      static_cast<std::size_t>(std::max<std::int64_t>(1, kIntervals / std::max<std::int64_t>(1, of_a_beta)));
  std::vector<double> alphas;
  for (std::size_t first = 0; first < grid.betas.size(); first += step) {
    const std::size_t last = std::min(first + step, grid.betas.size());
    const std::vector<double> betas(grid.betas.begin() + static_cast<std::ptrdiff_t>(first),
                                    grid.betas.begin() + static_cast<std::ptrdiff_t>(last));
    for (const auto& right : judge.intervals(betas, grid.gammas)) {
      alphas.push_back(most_right_alpha(right, alpha.values.front(), alpha.values.back()));
    }
  }
  return alphas;
}

// A few values over the range, as a start for the smooth metrics.
std::vector<double> coarse(const config::SearchAxis& alpha) {
  constexpr int kCount = 33;
  const double from = alpha.values.front();
  const double to = alpha.values.back();
  std::vector<double> values;
  for (int i = 0; i < kCount; ++i) {
    const double share = static_cast<double>(i) / (kCount - 1);
    values.push_back(alpha.logarithmic ? from * std::pow(to / from, share) : from + (to - from) * share);
  }
  return values;
}

// Puts the best α between its neighbours into the grid, for the pair of the best point.
void refine(const Judge& judge, Grid& grid, std::size_t best, const Progress& progress) {
  const std::size_t place = best % grid.alphas_per_pair();
  const double from = grid.alphas[place > 0 ? place - 1 : place];
  const double to = grid.alphas[std::min(place + 1, grid.alphas.size() - 1)];
  const auto loss = [&](double alpha) {
    progress(0, 1);  // where the user may interrupt
    double sum = 0;
    for (const float one : judge.losses(alpha, grid.beta(best), grid.gamma(best))) sum += static_cast<double>(one);
    return sum;
  };
  const double refined = least_loss_alpha(loss, from, to);
  grid.alphas.insert(std::lower_bound(grid.alphas.begin(), grid.alphas.end(), refined), refined);
}

Grid make_grid(const Judge& judge, const StrengthAxes& axes, const Strengths& start, const Rule& rule, Metric metric,
               const Progress& progress) {
  Grid grid{values_of(axes.beta, start.beta), values_of(axes.gamma, start.gamma), values_of(axes.alpha, start.alpha)};
  if (!axes.alpha || !axes.alpha->exact) {
    std::sort(grid.alphas.begin(), grid.alphas.end());
  } else if (metric == Metric::accuracy) {
    grid.alphas = exact_alphas(judge, grid, *axes.alpha);
    grid.alpha_of_pair = true;
  } else {
    grid.alphas = coarse(*axes.alpha);
    refine(judge, grid, best_point(grid, judge.surface(grid, {}, progress), rule), progress);
  }
  return grid;
}

}  // namespace

StrengthSearch search_strengths(const Judge& judge, const StrengthAxes& axes, const Strengths& start, const Rule& rule,
                                Metric metric, const Progress& progress) {
  StrengthSearch result;
  result.grid = make_grid(judge, axes, start, rule, metric, progress);
  result.surface = judge.surface(result.grid, {}, progress);
  result.best = best_point(result.grid, result.surface, rule);
  const Strengths best = result.at(result.best);
  result.best_losses = judge.losses(best.alpha, best.beta, best.gamma);
  return result;
}

double distance(const StrengthAxes& axes, const Strengths& there, const Strengths& start) {
  return std::hypot(axes.alpha ? distance(*axes.alpha, there.alpha, start.alpha) : 0,
                    axes.beta ? distance(*axes.beta, there.beta, start.beta) : 0,
                    axes.gamma ? distance(*axes.gamma, there.gamma, start.gamma) : 0);
}

}  // namespace trefoil::search
