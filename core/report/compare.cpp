#include "report/compare.h"

#include <algorithm>
#include <set>
#include <utility>

#include "report/setting_text.h"

namespace trefoil::report {

namespace {

std::string title_of(const std::vector<Run>& runs) {
  std::string title;
  std::set<std::string> seen;
  for (const Run& run : runs) {
    const std::string name = run.setting("name");
    if (name.empty() || !seen.insert(name).second) continue;
    title += (title.empty() ? "" : ", ") + shown(name);
  }
  return title.empty() ? "runs" : title;
}

std::vector<std::string> metric_names(const std::vector<Run>& runs) {
  std::set<std::string> left;
  for (const Run& run : runs) {
    for (const auto& [name, value] : run.metrics) left.insert(name);
  }
  std::vector<std::string> names;
  for (const char* first : kMetrics) {
    if (left.erase(first) > 0) names.emplace_back(first);
  }
  names.insert(names.end(), left.begin(), left.end());
  return names;
}

std::vector<std::string> values_of(const Run& run, const std::vector<Axis>& axes) {
  std::vector<std::string> values;
  values.reserve(axes.size());
  for (const Axis& axis : axes) values.push_back(run.setting(axis.key));
  return values;
}

std::vector<Cell> cells_of(const Comparison& comparison) {
  std::vector<Cell> cells;
  std::map<std::pair<std::string, std::vector<std::string>>, std::size_t> places;
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    const Run& run = comparison.runs[i];
    const std::vector<std::string> values = values_of(run, comparison.axes);
    const auto [place, is_new] = places.try_emplace({run.variant, values}, cells.size());
    if (is_new) cells.push_back(Cell{run.variant, values, {}, 0, {}});
    Cell& cell = cells[place->second];
    cell.runs.push_back(i);
    if (run.done()) ++cell.done;
  }
  return cells;
}

void summarise(Cell& cell, const std::vector<Run>& runs) {
  std::map<std::string, std::vector<double>> values;
  for (const std::size_t i : cell.runs) {
    for (const auto& [name, value] : runs[i].metrics) values[name].push_back(value);
  }
  for (const auto& [name, list] : values) cell.metrics[name] = spread_of(list);
}

// The index of each text in the list; of equal texts the first.
std::map<std::string, std::size_t> places_in(const std::vector<std::string>& list) {
  std::map<std::string, std::size_t> places;
  for (const std::string& text : list) places.try_emplace(text, places.size());
  return places;
}

std::vector<Cell> sorted_cells(const std::vector<Cell>& cells, const Comparison& comparison) {
  std::vector<std::string> variants;
  variants.reserve(comparison.runs.size());
  for (const Run& run : comparison.runs) variants.push_back(run.variant);
  std::vector<std::map<std::string, std::size_t>> places;
  places.reserve(comparison.axes.size() + 1);
  places.push_back(places_in(variants));
  for (const Axis& axis : comparison.axes) places.push_back(places_in(axis.values));
  std::map<std::vector<std::size_t>, const Cell*> by_rank;
  for (const Cell& cell : cells) {
    std::vector<std::size_t> rank = {places[0].at(cell.variant)};
    for (std::size_t i = 0; i < cell.values.size(); ++i) {
      const auto place = places[i + 1].find(cell.values[i]);
      rank.push_back(place == places[i + 1].end() ? places[i + 1].size() : place->second);
    }
    by_rank[rank] = &cell;
  }
  std::vector<Cell> sorted;
  sorted.reserve(by_rank.size());
  for (const auto& [rank, cell] : by_rank) sorted.push_back(*cell);
  return sorted;
}

std::optional<std::size_t> best_of(const std::vector<Cell>& cells) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Spread* accuracy = cells[i].accuracy();
    if (accuracy != nullptr && (!best || accuracy->mean > cells[*best].accuracy()->mean)) best = i;
  }
  return best;
}

bool repeats_with_seeds(const Cell& cell, const std::vector<Run>& runs) {
  return std::any_of(cell.runs.begin(), cell.runs.end(),
                     [&](std::size_t i) { return runs[i].setting("seed") != runs[cell.runs.front()].setting("seed"); });
}

// Whether several runs are done and have metrics, and no metric differs between them.
bool has_equal_metrics(const Cell& cell) {
  return cell.done > 1 && !cell.metrics.empty() &&
         std::all_of(cell.metrics.begin(), cell.metrics.end(), [](const auto& metric) { return metric.second.equal; });
}

}  // namespace

const Spread* Cell::accuracy() const {
  const auto found = metrics.find(kAccuracy);
  return found == metrics.end() ? nullptr : &found->second;
}

std::map<std::string, double> accuracy_by_seed(const Comparison& comparison, const Cell& cell) {
  std::map<std::string, std::vector<double>> values;
  for (const std::size_t i : cell.runs) {
    const Run& run = comparison.runs[i];
    const auto found = run.metrics.find(kAccuracy);
    if (found != run.metrics.end()) values[run.setting("seed")].push_back(found->second);
  }
  std::map<std::string, double> means;
  for (const auto& [seed, list] : values) means[seed] = spread_of(list).mean;
  return means;
}

Comparison compare(std::vector<Run> runs, const std::optional<std::vector<std::string>>& swept_keys) {
  Comparison comparison;
  comparison.title = title_of(runs);
  comparison.axes = find_axes(runs, swept_keys);
  comparison.metrics = metric_names(runs);
  comparison.runs = std::move(runs);
  comparison.cells = sorted_cells(cells_of(comparison), comparison);
  for (Cell& cell : comparison.cells) {
    summarise(cell, comparison.runs);
    const bool has_seeds = repeats_with_seeds(cell, comparison.runs);
    comparison.has_seeds = comparison.has_seeds || has_seeds;
    comparison.seeds_differ = comparison.seeds_differ || (has_seeds && !has_equal_metrics(cell));
    comparison.has_variants = comparison.has_variants || !cell.variant.empty();
  }
  comparison.best = best_of(comparison.cells);
  return comparison;
}

}  // namespace trefoil::report
