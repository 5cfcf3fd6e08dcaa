// Tables of a run's report, as data for the page template.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "data/task.h"
#include "report/page.h"
#include "run/summary.h"

namespace trefoil::run {

using report::PageData;

PageData metric_tiles(const pipeline::Metrics& metrics);
PageData subset_rows(const pipeline::Metrics& metrics);
std::vector<double> class_percentages(const pipeline::Metrics& metrics);  // of the classes with queries
PageData hardest_classes(const pipeline::Metrics& metrics, const std::vector<std::string>& names);

// The most frequent confusions of two classes, most frequent first.
std::vector<pipeline::Confusion> confused_pairs(const pipeline::Metrics& metrics);
PageData confused_rows(const std::vector<pipeline::Confusion>& pairs, const std::vector<std::string>& names);
PageData picture_rows(const std::vector<pipeline::Confusion>& pairs, const data::Task& task);

PageData model_rows(const Summary& summary);
PageData search_rows(const search::SearchResult& result);
PageData collapse_rows(const CollapseSummary& collapse);
PageData seconds_rows(const Summary& summary);
PageData settings_rows(const config::Experiment& experiment);

}  // namespace trefoil::run
