#include "report/pivot_differences.h"

#include <cmath>
#include <map>
#include <string>

namespace trefoil::report {

namespace {

using OutcomesBySeed = std::map<std::string, Outcomes>;

// The first run of each seed that has outcomes.
OutcomesBySeed outcomes_by_seed(const Cell& cell, const std::vector<Run>& runs) {
  OutcomesBySeed outcomes;
  for (const std::size_t i : cell.runs) {
    const std::string seed = runs[i].setting("seed");
    if (!runs[i].done() || outcomes.count(seed) > 0) continue;
    if (auto read = read_outcomes(runs[i].directory)) outcomes.emplace(seed, std::move(*read));
  }
  return outcomes;
}

std::optional<Difference> difference_of(const OutcomesBySeed& own, const OutcomesBySeed& baseline) {
  std::vector<const Outcomes*> ours;
  std::vector<const Outcomes*> theirs;
  for (const auto& [seed, outcomes] : own) {
    const auto same = baseline.find(seed);
    if (same == baseline.end()) continue;
    ours.push_back(&outcomes);
    theirs.push_back(&same->second);
  }
  return paired_difference(ours, theirs);
}

// The data sets are independent, so the variances of their differences add up.
std::optional<Difference> average_difference(const Pivot& pivot, std::size_t row, std::size_t column) {
  const std::size_t count = pivot.blocks.size() - 1;
  Difference sum;
  for (std::size_t block = 0; block < count; ++block) {
    const std::optional<PivotValue>& value = pivot.blocks[block].values[row][column];
    if (!value || !value->difference) return std::nullopt;
    sum.mean += value->difference->mean / static_cast<double>(count);
    sum.standard_error = std::hypot(sum.standard_error, value->difference->standard_error / static_cast<double>(count));
  }
  return sum;
}

void add_column(Pivot& pivot, const PivotGrid& grid, const std::vector<Run>& runs, std::size_t block,
                std::size_t column) {
  const Cell* reference = grid.at(block, pivot.baseline, column);
  if (reference == nullptr) return;
  const OutcomesBySeed baseline = outcomes_by_seed(*reference, runs);
  for (std::size_t row = 0; row < pivot.rows.size(); ++row) {
    std::optional<PivotValue>& value = pivot.blocks[block].values[row][column];
    if (row == pivot.baseline || !value) continue;
    value->difference = difference_of(outcomes_by_seed(*grid.at(block, row, column), runs), baseline);
    pivot.has_differences = pivot.has_differences || value->difference.has_value();
  }
}

}  // namespace

void add_differences(Pivot& pivot, const PivotGrid& grid, const std::vector<Run>& runs) {
  constexpr std::size_t kMostRuns = 20000;
  if (pivot.rows.size() < 2 || runs.size() > kMostRuns) return;
  for (std::size_t block = 0; block < grid.blocks.size(); ++block) {
    for (std::size_t column = 0; column < pivot.columns.size(); ++column) add_column(pivot, grid, runs, block, column);
  }
  if (!pivot.has_average) return;
  for (std::size_t row = 0; row < pivot.rows.size(); ++row) {
    for (std::size_t column = 0; column < pivot.columns.size(); ++column) {
      std::optional<PivotValue>& average = pivot.blocks.back().values[row][column];
      if (average) average->difference = average_difference(pivot, row, column);
    }
  }
}

}  // namespace trefoil::report
