// What a run writes into its smaller files, as texts.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/task.h"
#include "pipeline/metrics.h"
#include "run/summary.h"

namespace trefoil::run {

// Valid JSON, whatever bytes the texts in it (such as paths) hold.
std::string json_text(const nlohmann::ordered_json& json);

// support.txt: in the form of a train list, so that it can be fed back by data.support_list.
std::string support_list(const data::Task& task);

// metrics.jsonl.
std::string metrics_line(const Summary& summary);

// confusion.csv: how often one class was taken for another.
std::string confusion_table(const pipeline::Metrics& metrics, const std::vector<std::string>& class_names);

}  // namespace trefoil::run
