// Report: a run as one HTML file that needs nothing else, neither network nor scripts.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "data/task.h"
#include "run/summary.h"
#include "trefoil/channels.h"

namespace trefoil::run {

std::string report_html(const Summary& summary, const Channels& channels, const data::Task& task,
                        const config::Experiment& experiment, const nlohmann::ordered_json& provenance);

}  // namespace trefoil::run
