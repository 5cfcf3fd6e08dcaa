#include "run/search_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <set>

#include "report/charts.h"

namespace trefoil::run {

namespace {

using search::SearchedPoint;
using search::SearchResult;
using search::SearchStage;

std::string metric_name(const SearchResult& result) {
  const std::string& metric = result.experiment.search->parameters.text("metric");
  return metric == "accuracy" ? "wrong" : metric;  // the share of queries that are
}

// All columns of all stages, in their order.
std::vector<std::string> all_columns(const SearchResult& result) {
  std::vector<std::string> columns;
  for (const SearchStage& stage : result.stages) {
    for (const std::string& column : stage.columns) {
      if (std::find(columns.begin(), columns.end(), column) == columns.end()) columns.push_back(column);
    }
  }
  return columns;
}

// Numbers of the points to write, in their order.
std::vector<std::size_t> written_points(const SearchStage& stage) {
  constexpr std::size_t kWhole = 100000;
  constexpr std::size_t kMostPoints = 10000;
  std::vector<std::size_t> points(stage.points.size());
  std::iota(points.begin(), points.end(), 0);
  if (points.size() <= kWhole) return points;
  std::stable_sort(points.begin(), points.end(),
                   [&](std::size_t a, std::size_t b) { return stage.points[a].loss < stage.points[b].loss; });
  points.resize(kMostPoints);
  for (const std::size_t needed : {stage.best, stage.chosen}) {
    if (std::find(points.begin(), points.end(), needed) == points.end()) points.push_back(needed);
  }
  return points;
}

std::string row(const SearchStage& stage, const std::string& objective, std::size_t number,
                const std::vector<std::string>& columns) {
  const SearchedPoint& point = stage.points[number];
  std::string line = stage_name(stage) + ("," + objective);
  for (const std::string& column : columns) {
    const auto place = std::find(stage.columns.begin(), stage.columns.end(), column);
    line += ",";
    if (place == stage.columns.end()) continue;
    line += fmt::format("{}", point.values[static_cast<std::size_t>(place - stage.columns.begin())]);
  }
  return line + fmt::format(",{},{:d},{:d}\n", point.loss, point.within, number == stage.chosen);
}

nlohmann::ordered_json point_json(const SearchStage& stage, std::size_t number) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < stage.columns.size(); ++i) json[stage.columns[i]] = stage.points[number].values[i];
  json["loss"] = stage.points[number].loss;
  return json;
}

std::string values_text(const SearchStage& stage, std::size_t number) {
  std::string text;
  for (std::size_t i = 0; i < stage.columns.size(); ++i) {
    text += fmt::format("{}{} = {:.5g}", i > 0 ? ", " : "", stage.columns[i], stage.points[number].values[i]);
  }
  return text;
}

// The different values of a column, rising.
std::vector<double> values_of(const SearchStage& stage, std::size_t column) {
  std::set<double> values;
  for (const SearchedPoint& point : stage.points) values.insert(point.values[column]);
  return {values.begin(), values.end()};
}

// A parameter that has a side in a picture; without a number, one that has a single value and no name.
struct ShownColumn {
  std::string name;
  std::vector<double> values = {0};                  // rising
  std::optional<std::size_t> number = std::nullopt;  // of the stage's columns

  std::size_t place(const SearchedPoint& point) const {
    if (!number) return 0;
    return static_cast<std::size_t>(std::lower_bound(values.begin(), values.end(), point.values[*number]) -
                                    values.begin());
  }
};

// Those with several values, most values first.
std::vector<ShownColumn> shown_columns(const SearchStage& stage) {
  constexpr std::size_t kMostValues = 240;  // more cannot be seen apart
  std::vector<ShownColumn> shown;
  for (std::size_t column = 0; column < stage.columns.size(); ++column) {
    if (stage.own_alpha && stage.columns[column] == "relation.alpha") continue;
    ShownColumn candidate{stage.columns[column], values_of(stage, column), column};
    if (candidate.values.size() > 1 && candidate.values.size() <= kMostValues) shown.push_back(std::move(candidate));
  }
  std::stable_sort(shown.begin(), shown.end(),
                   [](const ShownColumn& a, const ShownColumn& b) { return a.values.size() > b.values.size(); });
  return shown;
}

// Whether the point is as chosen in all columns that are no side of the picture.
bool in_slice(const SearchStage& stage, const std::vector<ShownColumn>& shown, const SearchedPoint& point) {
  const std::vector<double>& chosen = stage.points[stage.chosen].values;
  for (std::size_t column = 0; column < stage.columns.size(); ++column) {
    const bool is_side = column == *shown[0].number || (shown.size() > 1 && column == *shown[1].number);
    const bool varies_with_others = stage.own_alpha && stage.columns[column] == "relation.alpha";
    if (!is_side && !varies_with_others && point.values[column] != chosen[column]) return false;
  }
  return true;
}

// Parameters whose chosen value is the first or last of those that were tried.
std::string ends_of_ranges(const SearchStage& stage) {
  std::string text;
  for (std::size_t column = 0; column < stage.columns.size(); ++column) {
    const std::vector<double> values = values_of(stage, column);
    const double chosen = stage.points[stage.chosen].values[column];
    const bool at_end = values.size() > 2 && (chosen == values.front() || chosen == values.back());
    if (at_end) text += (text.empty() ? "" : ", ") + stage.columns[column];
  }
  return text.empty() ? "" : "; at the end of its range: " + text;
}

}  // namespace

const char* stage_name(const SearchStage& stage) { return stage.part == search::Part::head ? "head" : "relation"; }

std::string search_table(const SearchResult& result) {
  const std::vector<std::string> columns = all_columns(result);
  const std::string& objective = result.experiment.search->parameters.text("objective");
  std::string table = "stage,objective";
  for (const std::string& column : columns) table += "," + column;
  table += "," + metric_name(result) + ",as_good_as_best,chosen\n";
  for (const SearchStage& stage : result.stages) {
    for (const std::size_t point : written_points(stage)) table += row(stage, objective, point, columns);
  }
  return table;
}

nlohmann::ordered_json search_json(const SearchResult& result) {
  const Parameters& parameters = result.experiment.search->parameters;
  nlohmann::ordered_json stages = nlohmann::ordered_json::array();
  for (const SearchStage& stage : result.stages) {
    stages.push_back({{"stage", stage_name(stage)},
                      {"points", stage.points.size()},
                      {"queries", stage.queries},
                      {"best", point_json(stage, stage.best)},
                      {"chosen", point_json(stage, stage.chosen)},
                      {"standard_error", stage.standard_error},
                      {"margin", stage.margin()},
                      {"share_as_good_as_best", stage.share_within()}});
  }
  return {{"objective", parameters.text("objective")}, {"metric", parameters.text("metric")}, {"stages", stages}};
}

std::vector<std::string> search_lines(const SearchResult& result) {
  std::vector<std::string> lines;
  for (const SearchStage& stage : result.stages) {
    lines.push_back(fmt::format(
        "search of the {} over {} points, judged by {} {}: {} {:.4f} at {}; best {:.4f}; {:.1f} % as good as the "
        "best{}",
        stage_name(stage), stage.points.size(), stage.queries, result.experiment.search->parameters.text("objective"),
        metric_name(result), stage.points[stage.chosen].loss, values_text(stage, stage.chosen),
        stage.points[stage.best].loss, 100 * stage.share_within(), ends_of_ranges(stage)));
  }
  return lines;
}

std::string search_map(const SearchStage& stage) {
  const std::vector<ShownColumn> shown = shown_columns(stage);
  if (shown.empty()) return "";
  const ShownColumn& across = shown.front();
  const ShownColumn down = shown.size() > 1 ? shown[1] : ShownColumn{};
  report::HeatMap map{across.name, down.name, across.values, down.values, {}, 0, 0};
  map.losses.assign(map.across.size() * map.down.size(), std::numeric_limits<double>::quiet_NaN());
  for (const SearchedPoint& point : stage.points) {
    if (!in_slice(stage, shown, point)) continue;
    map.losses[down.place(point) * map.across.size() + across.place(point)] = point.loss;
  }
  map.chosen_across = across.place(stage.points[stage.chosen]);
  map.chosen_down = down.place(stage.points[stage.chosen]);
  return report::heat_map(map);
}

}  // namespace trefoil::run
