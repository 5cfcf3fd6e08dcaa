// What a search found, for people and scripts: search.csv, a part of summary.json, lines for the log, a picture.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "search/result.h"

namespace trefoil::run {

// One row a point: stage, the values, the mean loss under the metric's name, whether it is as good as the best, and
// whether it was chosen. Of more than 100,000 points, the 10,000 best of each stage.
std::string search_table(const search::SearchResult& result);

nlohmann::ordered_json search_json(const search::SearchResult& result);

// One line a stage.
std::vector<std::string> search_lines(const search::SearchResult& result);

// The loss over the two most finely searched parameters, the others as chosen, as SVG; "" when fewer than two values
// were tried of each.
std::string search_map(const search::SearchStage& stage);

const char* stage_name(const search::SearchStage& stage);

}  // namespace trefoil::run
