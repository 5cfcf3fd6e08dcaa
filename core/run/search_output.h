// The result of a search, for people and scripts: search.csv, its part of summary.json, log lines and charts.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "search/search.h"

namespace trefoil::run {

// search.csv, with one row for each point: stage, objective, values, the mean loss under the metric's name, whether the
// loss is within the tolerance of the lowest, and whether the point was chosen. A stage of more than 100,000 points
// lists its best 10,000, and always the best and the chosen point.
std::string search_table(const search::SearchResult& result);

nlohmann::ordered_json search_json(const search::SearchResult& result);

// One line for each stage.
std::vector<std::string> search_lines(const search::SearchResult& result);

// An SVG heat map of the loss over the two parameters with the most values; the other parameters have their chosen
// values. "" when no parameter has two values.
std::string search_map(const search::SearchStage& stage);

std::string stage_name(const search::SearchStage& stage);

}  // namespace trefoil::run
