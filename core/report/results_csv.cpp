#include "report/results_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/csv.h"
#include "report/setting_text.h"

namespace trefoil::report {

namespace {

using Texts = std::vector<std::string>;

template <typename Map>
Texts keys_of(const std::vector<Run>& runs, Map Run::*part) {
  std::set<std::string> keys;
  for (const Run& run : runs) {
    for (const auto& [key, value] : run.*part) keys.insert(key);
  }
  return {keys.begin(), keys.end()};
}

template <typename Map>
std::string field_of(const Map& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? "" : fmt::format("{}", found->second);
}

std::string csv_line(const Texts& fields) {
  std::string line;
  for (const std::string& field : fields) line += (&field == &fields.front() ? "" : ",") + base::csv_text(field);
  return line + "\n";
}

std::string value_text(const Run& run, const std::string& key) {
  const std::string value = run.setting(key);
  return value.empty() ? "" : shown(value);
}

// The adapter of a transductive run, or "".
std::string adapter_of(const Run& run) {
  const std::string adapter = value_text(run, "adapter.plugin");
  return adapter == "none" ? "" : adapter;
}

}  // namespace

std::string results_csv(const Comparison& comparison) {
  const Texts chosen = keys_of(comparison.runs, &Run::chosen);
  const Texts stages = keys_of(comparison.runs, &Run::seconds);
  Texts header = {"variant"};
  for (const Axis& axis : comparison.axes) header.push_back(axis.key);
  const bool transductive = std::any_of(comparison.runs.begin(), comparison.runs.end(),
                                        [](const Run& run) { return !adapter_of(run).empty(); });
  if (transductive) header.emplace_back("transductive");
  header.insert(header.end(), {"seed", "status", "error"});
  header.insert(header.end(), comparison.metrics.begin(), comparison.metrics.end());
  for (const std::string& key : chosen) header.push_back("chosen." + key);
  for (const std::string& stage : stages) header.push_back("seconds." + stage);
  header.emplace_back("directory");
  std::string csv = csv_line(header);
  for (const Run& run : comparison.runs) {
    Texts row = {run.variant};
    for (const Axis& axis : comparison.axes) row.push_back(value_text(run, axis.key));
    if (transductive) row.push_back(adapter_of(run));
    row.insert(row.end(), {value_text(run, "seed"), run.status, run.error});
    for (const std::string& metric : comparison.metrics) row.push_back(field_of(run.metrics, metric));
    for (const std::string& key : chosen) row.push_back(field_of(run.chosen, key));
    for (const std::string& stage : stages) row.push_back(field_of(run.seconds, stage));
    row.push_back(run.directory.string());
    csv += csv_line(row);
  }
  return csv;
}

}  // namespace trefoil::report
