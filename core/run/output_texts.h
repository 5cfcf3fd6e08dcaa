// The contents of a run's smaller files.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/task.h"
#include "pipeline/metrics.h"
#include "run/summary.h"

namespace trefoil::run {

// Valid JSON, even when texts in it, such as paths, are not UTF-8.
std::string json_text(const nlohmann::ordered_json& json);

// support.txt, which has the form of a train list, so that data.support_list can read it.
std::string support_list(const data::Task& task);

// metrics.jsonl.
std::string metrics_line(const Summary& summary);

// confusion.csv: how often the images of one class were predicted as another.
std::string confusion_table(const pipeline::Metrics& metrics, const std::vector<std::string>& class_names);

}  // namespace trefoil::run
