#include "report/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "report/ablation.h"
#include "report/groups.h"
#include "report/labels.h"
#include "report/plots.h"
#include "report/setting_text.h"

namespace trefoil::report {

namespace {

constexpr const char* kAccuracyTitle = "top-1, %";

const Cell& first_of(const Group& group) {
  return **std::find_if(group.by_value.begin(), group.by_value.end(), [](auto* cell) { return cell != nullptr; });
}

// The label of each group: the settings in which it differs from the others.
std::vector<std::string> legend_of(const Comparison& comparison, const std::vector<Group>& groups, std::size_t axis) {
  std::vector<const Cell*> firsts(groups.size());
  std::transform(groups.begin(), groups.end(), firsts.begin(), [](const Group& group) { return &first_of(group); });
  std::vector<std::size_t> told_apart = differing_axes(firsts);
  told_apart.erase(std::remove(told_apart.begin(), told_apart.end(), axis), told_apart.end());
  std::vector<std::string> legend(groups.size());
  std::transform(firsts.begin(), firsts.end(), legend.begin(),
                 [&](const Cell* first) { return cell_label(comparison, *first, told_apart); });
  return legend;
}

// The values in the order of the cells. Cells without a number are left out.
std::vector<LinePoint> points_of(const Comparison& comparison, const std::vector<const Cell*>& cells,
                                 std::size_t axis) {
  std::vector<LinePoint> points;
  for (const Cell* cell : cells) {
    if (cell == nullptr || cell->accuracy() == nullptr || cell->values[axis].empty()) continue;
    points.push_back({*number_of(cell->values[axis]), *cell->accuracy(),
                      fmt::format("{}: {} %", cell_label(comparison, *cell), spread_text(*cell->accuracy()))});
  }
  return points;
}

std::string curves(const Comparison& comparison, const std::vector<Group>& groups, std::size_t axis) {
  LineChart chart{long_name(comparison.axes[axis].key), kAccuracyTitle, {}, true};
  for (const Group& group : groups) chart.series.push_back(points_of(comparison, group.by_value, axis));
  return line_chart(chart);
}

std::string scatter(const Comparison& comparison, std::size_t axis) {
  std::vector<const Cell*> cells;
  for (const Cell& cell : comparison.cells) cells.push_back(&cell);
  return line_chart(
      {long_name(comparison.axes[axis].key), kAccuracyTitle, {points_of(comparison, cells, axis)}, false});
}

std::string dots(const std::vector<Group>& groups, const Axis& axis) {
  DotChart chart{kAccuracyTitle, {}};
  for (std::size_t i = 0; i < axis.values.size(); ++i) {
    DotRow row{shown(axis.values[i]), {}};
    for (const Group& group : groups) {
      const Cell* cell = group.by_value[i];
      row.values.push_back(cell == nullptr ? std::nullopt : std::optional(*cell->accuracy()));
    }
    chart.rows.push_back(std::move(row));
  }
  return dot_chart(chart);
}

bool repeated(const Comparison& comparison) {
  return std::any_of(comparison.cells.begin(), comparison.cells.end(), [](const Cell& cell) { return cell.done > 1; });
}

Figure axis_figure(const Comparison& comparison, std::size_t number) {
  const Axis& axis = comparison.axes[number];
  const std::string repetitions =
      repeated(comparison) ? "Mean of the runs, with one standard deviation up and down." : "";
  std::vector<Group> groups = groups_along(comparison, number);
  if (groups.empty() && axis.numeric)
    return {long_name(axis.key),
            "A dot for each setting; no two are alike in all the rest. " + repetitions,
            scatter(comparison, number),
            {}};
  Figure figure{long_name(axis.key), repetitions, "", {}};
  if (groups.empty() || groups.size() > kMostSeries) {
    figure.note = "For each value the best over all other settings. " + repetitions;
    groups = {best_along(comparison, number)};
  } else if (groups.size() > 1) {
    figure.legend = legend_of(comparison, groups, number);
  }
  figure.svg = axis.numeric ? curves(comparison, groups, number) : dots(groups, axis);
  return figure;
}

std::size_t set_count(const Axis& axis) {
  return axis.values.size() - (axis.values.back().empty() ? 1 : 0);  // "not set" is last
}

// Returns nothing when some combination of values is missing.
std::vector<double> grid_values(const Comparison& comparison, std::size_t across, std::size_t down) {
  const Pairs pairs = best_of_pairs(comparison, across, down);
  std::vector<double> values;
  for (std::size_t row = 0; row < set_count(comparison.axes[down]); ++row) {
    for (std::size_t column = 0; column < set_count(comparison.axes[across]); ++column) {
      const auto cell = pairs.find({column, row});
      if (cell == pairs.end()) return {};
      values.push_back(cell->second->accuracy()->mean);
    }
  }
  return values;
}

std::vector<std::string> shown_values(const Axis& axis) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < set_count(axis); ++i) texts.push_back(fmt::format("{:.4g}", *number_of(axis.values[i])));
  return texts;
}

std::optional<Figure> grid_figure(const Comparison& comparison, std::size_t across, std::size_t down) {
  const std::vector<double> values = grid_values(comparison, across, down);
  if (values.empty()) return std::nullopt;
  const Axis& wide = comparison.axes[across];
  const Axis& high = comparison.axes[down];
  const bool others = comparison.axes.size() > 2 || comparison.has_variants;
  return Figure{fmt::format("{} and {}", axis_name(comparison.axes, across), axis_name(comparison.axes, down)),
                others ? "Top-1 in percent; for each pair the best over all other settings." : "Top-1 in percent.",
                grid_chart({long_name(wide.key), long_name(high.key), shown_values(wide), shown_values(high), values}),
                {}};
}

}  // namespace

std::vector<Figure> axis_figures(const Comparison& comparison) {
  std::vector<Figure> figures;
  for (std::size_t axis = 0; axis < comparison.axes.size(); ++axis) {
    if (can_be_plotted(comparison, axis)) figures.push_back(axis_figure(comparison, axis));
  }
  return figures;
}

std::vector<Figure> grid_figures(const Comparison& comparison) {
  std::vector<std::size_t> numeric;
  for (std::size_t axis = 0; axis < comparison.axes.size(); ++axis) {
    if (comparison.axes[axis].numeric && can_be_plotted(comparison, axis)) numeric.push_back(axis);
  }
  std::vector<Figure> figures;
  for (std::size_t i = 0; i < numeric.size(); ++i) {
    for (std::size_t j = i + 1; j < numeric.size(); ++j) {
      const std::size_t less = comparison.axes[numeric[i]].values.size() < comparison.axes[numeric[j]].values.size()
                                   ? numeric[i]
                                   : numeric[j];
      const std::size_t more = numeric[i] + numeric[j] - less;
      if (const auto figure = grid_figure(comparison, more, less)) figures.push_back(*figure);
    }
  }
  return figures;
}

std::vector<Figure> ablation_figures(const Comparison& comparison) {
  std::vector<Change> changes;
  bool paired = false;
  for (const Ablation& ablation : ablations(comparison)) {
    if (ablation.change.count > 0) changes.push_back({ablation.variant, ablation.change});
    paired = paired || (ablation.paired && ablation.change.count > 1);
  }
  if (changes.empty()) return {};
  const std::string note = paired ? " Mean and standard deviation of the differences between runs of one seed." : "";
  return {{"Ablations",
           "What each variant changes against the base." + note,
           waterfall("change of top-1, percentage points", changes),
           {}}};
}

}  // namespace trefoil::report
