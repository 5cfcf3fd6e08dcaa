// The tables of a run's report, as data for its template.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <kainjow/mustache.hpp>
#include <string>
#include <utility>
#include <vector>

#include "config/experiment.h"
#include "data/task.h"
#include "run/summary.h"

namespace trefoil::run {

using PageData = kainjow::mustache::data;

PageData row(std::initializer_list<std::pair<const char*, std::string>> fields);
PageData text_list(const std::vector<std::string>& texts);
std::string grouped(std::int64_t number);  // 1234567 -> "1,234,567"

PageData tiles(const pipeline::Metrics& metrics);
PageData subset_rows(const pipeline::Metrics& metrics);
std::vector<double> class_percentages(const pipeline::Metrics& metrics);  // of the classes with queries
PageData hardest_classes(const pipeline::Metrics& metrics, const std::vector<std::string>& names);

// Two different classes, the most frequent ones, most frequent first.
std::vector<pipeline::Confusion> confused_pairs(const pipeline::Metrics& metrics);
PageData confused_rows(const std::vector<pipeline::Confusion>& pairs, const std::vector<std::string>& names);
PageData picture_rows(const std::vector<pipeline::Confusion>& pairs, const data::Task& task);

PageData model_rows(const Summary& summary);
PageData search_rows(const search::SearchResult& result);
PageData collapse_rows(const CollapseSummary& collapse);
PageData seconds_rows(const Summary& summary);
PageData settings_rows(const config::Experiment& experiment);

}  // namespace trefoil::run
