#include "run/search_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <set>

#include "base/text.h"
#include "report/charts.h"

namespace trefoil::run {

namespace {

using search::SearchedPoint;
using search::SearchResult;
using search::SearchStage;

// The name of the loss in search.csv.
std::string loss_column(const SearchResult& result) {
  const std::string& metric = result.experiment.search->parameters.text("metric");
  return metric == "accuracy" ? "wrong" : metric;
}

// The name of the loss in messages.
std::string loss_name(const Parameters& parameters) {
  const std::string& metric = parameters.text("metric");
  if (metric == "accuracy") return "error rate";
  return metric == "nll" ? "negative log-likelihood" : "Brier";
}

// The images by which the search chose: "by leave-one-out on 80 images".
std::string queries_text(const SearchStage& stage, const Parameters& parameters) {
  const std::string images = base::counted(stage.queries, "image");
  const std::string& objective = parameters.text("objective");
  if (objective == "loo") return "by leave-one-out on " + images;
  return (objective == "val" ? "on the validation split (" : "on the test labels (") + images + ")";
}

// How many settings the rule of selection could have chosen.
std::string tolerance_text(const SearchStage& stage, const Parameters& parameters) {
  const double tolerance = parameters.text("ties") == "first" ? 0 : parameters.real("tolerance");
  const std::string part = fmt::format("{:.1f} % of settings", 100 * stage.fraction_within_tolerance());
  if (tolerance == 0) return part + " equal to it";
  if (tolerance == 1) return part + " within one standard error";
  return part + " within " + base::number_text(tolerance) + " standard errors";
}

// The columns of all stages, each once, in the order in which they first appear.
std::vector<std::string> all_columns(const SearchResult& result) {
  std::vector<std::string> columns;
  for (const SearchStage& stage : result.stages) {
    for (const std::string& column : stage.columns) {
      if (std::find(columns.begin(), columns.end(), column) == columns.end()) columns.push_back(column);
    }
  }
  return columns;
}

constexpr std::size_t kMostComplete = 1000000;  // points; search.csv then has about 100 MB
constexpr std::size_t kMostPoints = 10000;      // of a stage with more points: the best ones

// The indices of the points to write, in the order of the rows.
std::vector<std::size_t> written_points(const SearchStage& stage) {
  std::vector<std::size_t> points(stage.points.size());
  std::iota(points.begin(), points.end(), 0);
  if (points.size() <= kMostComplete) return points;
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
  std::string line = stage_name(stage) + "," + objective;
  for (const std::string& column : columns) {
    const auto place = std::find(stage.columns.begin(), stage.columns.end(), column);
    line += ",";
    if (place == stage.columns.end()) continue;
    line += fmt::format("{}", point.values[static_cast<std::size_t>(place - stage.columns.begin())]);
  }
  return line +
         fmt::format(",{},{},{:d},{:d}\n", point.loss, point.queries, point.within_tolerance, number == stage.chosen);
}

nlohmann::ordered_json point_json(const SearchStage& stage, std::size_t number) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < stage.columns.size(); ++i) json[stage.columns[i]] = stage.points[number].values[i];
  json["loss"] = stage.points[number].loss;
  return json;
}

// "relation.alpha = 4, beta = 5, head.epochs = 20": a section is named where it begins.
std::string values_text(const SearchStage& stage, std::size_t number) {
  std::string text;
  std::string section;
  for (std::size_t i = 0; i < stage.columns.size(); ++i) {
    const std::size_t dot = stage.columns[i].find('.');
    const bool same_section = stage.columns[i].substr(0, dot) == section;
    section = stage.columns[i].substr(0, dot);
    text += fmt::format("{}{} = {:.5g}", i > 0 ? ", " : "", stage.columns[i].substr(same_section ? dot + 1 : 0),
                        stage.points[number].values[i]);
  }
  return text;
}

// The distinct values of a column, ascending.
std::vector<double> values_of(const SearchStage& stage, std::size_t column) {
  std::set<double> values;
  for (const SearchedPoint& point : stage.points) values.insert(point.values[column]);
  return {values.begin(), values.end()};
}

// A parameter that is an axis of the heat map. The default is an axis without a parameter, with a single value.
struct MapAxis {
  std::string name;
  std::vector<double> values = {0};                  // ascending
  std::optional<std::size_t> column = std::nullopt;  // of the stage

  std::size_t place(const SearchedPoint& point) const {
    if (!column) return 0;
    return static_cast<std::size_t>(std::lower_bound(values.begin(), values.end(), point.values[*column]) -
                                    values.begin());
  }
};

// The parameters that can be an axis, in descending order of their number of values.
std::vector<MapAxis> map_axes(const SearchStage& stage) {
  constexpr std::size_t kMostValues = 240;  // more cells than this cannot be told apart
  std::vector<MapAxis> axes;
  for (std::size_t column = 0; column < stage.columns.size(); ++column) {
    if (stage.alpha_of_pair && stage.columns[column] == "relation.alpha") continue;
    MapAxis candidate{stage.columns[column], values_of(stage, column), column};
    if (candidate.values.size() > 1 && candidate.values.size() <= kMostValues) axes.push_back(std::move(candidate));
  }
  std::stable_sort(axes.begin(), axes.end(),
                   [](const MapAxis& a, const MapAxis& b) { return a.values.size() > b.values.size(); });
  return axes;
}

// Whether all parameters of the point that are no axis of the heat map have their chosen values.
bool in_slice(const SearchStage& stage, const std::vector<MapAxis>& axes, const SearchedPoint& point) {
  const std::vector<double>& chosen = stage.points[stage.chosen].values;
  for (std::size_t column = 0; column < stage.columns.size(); ++column) {
    const bool is_axis = column == *axes[0].column || (axes.size() > 1 && column == *axes[1].column);
    const bool varies_with_others = stage.alpha_of_pair && stage.columns[column] == "relation.alpha";
    if (!is_axis && !varies_with_others && point.values[column] != chosen[column]) return false;
  }
  return true;
}

// "chose head whitened by −log p …: whitened 0.9120, residual 0.9340 (0.0220 ± 0.0060 above)".
std::string heads_text(const std::vector<search::HeadScore>& heads) {
  std::vector<search::HeadScore> sorted = heads;
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.loss < b.loss; });
  std::string chosen;
  std::vector<std::string> parts;
  for (const search::HeadScore& head : sorted) {
    if (head.chosen) chosen = head.head;
    const double above = head.loss - sorted.front().loss;
    parts.push_back(fmt::format("{} {:.4f}", head.head, head.loss) +
                    (parts.empty() ? "" : fmt::format(" ({:.4f} ± {:.4f} above)", above, head.standard_error)));
  }
  return fmt::format("chose head {} by −log p after a temperature, on held-out images: {}", chosen,
                     base::listed(parts, parts.size()));
}

// Says how many settings were dropped after the first fold.
std::string race_text(const SearchStage& stage) {
  const auto dropped = std::count_if(stage.points.begin(), stage.points.end(),
                                     [&](const SearchedPoint& point) { return point.queries < stage.queries; });
  return dropped == 0 ? "" : fmt::format("; {} dropped after the first fold", base::counted(dropped, "setting"));
}

// Names the parameters whose chosen value is the smallest or largest that was tried.
std::string range_ends_text(const SearchStage& stage) {
  std::vector<std::string> names;
  for (std::size_t column = 0; column < stage.columns.size(); ++column) {
    const std::vector<double> values = values_of(stage, column);
    const double chosen = stage.points[stage.chosen].values[column];
    if (values.size() > 2 && (chosen == values.front() || chosen == values.back()))
      names.push_back(stage.columns[column]);
  }
  if (names.empty()) return "";
  const char* where = names.size() == 1 ? " is at the end of its range" : " are at the ends of their ranges";
  return "; " + base::listed(names, names.size()) + where;
}

// The classifier whose parameters the stage chose: " for the trained head".
std::string subject_of(const SearchStage& stage) {
  return stage.phase.is_relation() || stage.phase.adapts ? "" : " for the trained " + stage_name(stage);
}

}  // namespace

std::string stage_name(const SearchStage& stage) {
  if (stage.phase.adapts) return "adapter";
  if (stage.phase.is_relation()) return "relation";
  const bool is_only_head = stage.phase.heads == 1 && stage.phase.is_last;
  return is_only_head ? "head" : "head " + std::to_string(stage.phase.heads);
}

std::string search_table(const SearchResult& result) {
  const std::vector<std::string> columns = all_columns(result);
  const std::string& objective = result.experiment.search->parameters.text("objective");
  std::string table = "stage,objective";
  for (const std::string& column : columns) table += "," + column;
  table += "," + loss_column(result) + ",images,as_good_as_best,chosen\n";
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
                      {"share_as_good_as_best", stage.fraction_within_tolerance()}});
  }
  nlohmann::ordered_json json = {
      {"objective", parameters.text("objective")}, {"metric", parameters.text("metric")}, {"stages", stages}};
  for (const search::HeadScore& head : result.heads) {
    json["heads"].push_back({{"head", head.head},
                             {"nll", head.loss},
                             {"standard_error", head.standard_error},
                             {"error_rate", head.error_rate},
                             {"temperature", head.temperature},
                             {"chosen", head.chosen}});
  }
  if (const auto& temperature = result.temperature) {
    json["temperature"] = {{"value", temperature->value},
                           {"best", temperature->best},
                           {"queries", temperature->queries},
                           {"nll_at_1", temperature->loss_at_1},
                           {"nll", temperature->loss}};
  }
  return json;
}

std::vector<std::string> search_lines(const SearchResult& result) {
  const Parameters& parameters = result.experiment.search->parameters;
  std::vector<std::string> lines;
  for (const SearchStage& stage : result.stages) {
    lines.push_back(fmt::format("chose {}{} {}: {} {:.4f} (lowest {:.4f}; {}){}", values_text(stage, stage.chosen),
                                subject_of(stage), queries_text(stage, parameters), loss_name(parameters),
                                stage.points[stage.chosen].loss, stage.points[stage.best].loss,
                                tolerance_text(stage, parameters), race_text(stage) + range_ends_text(stage)));
  }
  for (const SearchStage& stage : result.stages) {
    if (stage.points.size() > kMostComplete) {
      lines.push_back(fmt::format("search.csv has the {} of these {}", base::counted(kMostPoints, "best setting"),
                                  base::grouped(static_cast<std::int64_t>(stage.points.size()))));
    }
  }
  if (!result.heads.empty()) lines.push_back(heads_text(result.heads));
  if (const auto& temperature = result.temperature) {
    lines.push_back(fmt::format("temperature {:.4f} on {}: −log p {:.4f}, and {:.4f} at temperature 1",
                                temperature->value, base::counted(temperature->queries, "held-out image"),
                                temperature->loss, temperature->loss_at_1));
  }
  return lines;
}

std::string search_map(const SearchStage& stage) {
  const std::vector<MapAxis> axes = map_axes(stage);
  if (axes.empty()) return "";
  const MapAxis& across = axes.front();
  const MapAxis down = axes.size() > 1 ? axes[1] : MapAxis{};
  report::HeatMap map{across.name, down.name, across.values, down.values, {}, 0, 0};
  map.losses.assign(map.across.size() * map.down.size(), std::numeric_limits<double>::quiet_NaN());
  for (const SearchedPoint& point : stage.points) {
    if (!in_slice(stage, axes, point)) continue;
    map.losses[down.place(point) * map.across.size() + across.place(point)] = point.loss;
  }
  map.chosen_across = across.place(stage.points[stage.chosen]);
  map.chosen_down = down.place(stage.points[stage.chosen]);
  return report::heat_map(map);
}

}  // namespace trefoil::run
