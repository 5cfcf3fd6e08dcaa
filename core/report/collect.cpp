#include "report/collect.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/checksums.h"
#include "base/data_errors.h"
#include "base/text.h"
#include "config/diagnostics.h"
#include "config/settings.h"
#include "config/toml.h"
#include "report/run_state.h"

namespace trefoil::report {

namespace {

using Json = nlohmann::ordered_json;

// Returns `reading` of the file's JSON. Throws DataError when the file has another form.
template <typename Reading>
void read_json(const std::filesystem::path& file, Reading reading) {
  const std::string text = base::read_text(file);
  if (const std::string reason = base::ordered_json_refusal(text); !reason.empty()) base::refuse(file, "it " + reason);
  try {
    reading(Json::parse(text));
  } catch (const nlohmann::json::exception& error) {
    throw DataError(file.string() + ": this is not what a run writes (" + error.what() + "); run it again");
  }
}

// Numbers that JSON cannot hold, such as the mean of an empty set, are null in the file. They are left out. Throws
// DataError for a number that no run writes: sums and squares of larger ones would not be finite in tables and charts.
std::map<std::string, double> numbers_of(const Json& object, const std::filesystem::path& file) {
  constexpr double kLargest = 1e100;
  std::map<std::string, double> numbers;
  for (const auto& item : object.items()) {
    if (!item.value().is_number()) continue;
    const auto number = item.value().get<double>();
    if (std::abs(number) > kLargest) base::refuse(file, "'" + item.key() + "' is impossible; run it again");
    numbers[item.key()] = number;
  }
  return numbers;
}

void flatten(const config::Table& table, const std::string& section, std::map<std::string, std::string>& settings) {
  const std::string prefix = section.empty() ? "" : section + ".";
  for (const config::Entry& entry : table.entries()) {
    const bool is_section = section.empty() && entry.value.table() != nullptr;
    const config::Array* list = section.empty() ? entry.value.array() : nullptr;
    const bool is_list_of_sections = list != nullptr && !list->empty() && list->front().table() != nullptr;
    if (is_section) {
      flatten(*entry.value.table(), entry.key, settings);
    } else if (is_list_of_sections) {  // [[head]]
      for (std::size_t i = 0; i < list->size(); ++i) {
        if ((*list)[i].table() != nullptr)
          flatten(*(*list)[i].table(), entry.key + "." + std::to_string(i + 1), settings);
      }
    } else {
      const bool dotted = entry.key.find('.') != std::string::npos;  // search."relation.alpha"
      const std::string key = dotted ? config::toml_quoted(entry.key) : entry.key;
      settings[prefix + key] = config::toml_text(entry.value);
    }
  }
}

void read_settings(Run& run) {
  const std::filesystem::path file = run.directory / "config.toml";
  if (!run.done() && !std::filesystem::exists(file)) return;
  config::Diagnostics diagnostics;
  const config::Table table = config::read_toml(file, diagnostics);
  try {
    diagnostics.throw_if_any();
  } catch (const config::ConfigError& error) {
    throw DataError(error.what());  // the file is a result here, not what the user wrote
  }
  flatten(table, "", run.settings);
}

std::vector<CollapseMeasure> collapse_of(const Json& collapse, const std::filesystem::path& file) {
  std::vector<CollapseMeasure> figures;
  for (const auto& part : collapse.items()) {
    const std::map<std::string, double> before = numbers_of(part.value().at("before"), file);
    const std::map<std::string, double> after = numbers_of(part.value().at("after"), file);
    for (const auto& [name, value] : before) {
      if (!base::starts_with(name, "nc") || after.count(name) == 0) continue;
      figures.push_back({part.key() + " " + name, value, after.at(name)});
    }
  }
  return figures;
}

void read_summary(Run& run) {
  const std::filesystem::path file = run.directory / "summary.json";
  read_json(file, [&](const Json& summary) {
    run.metrics = numbers_of(summary.at("metrics"), file);
    run.seconds = numbers_of(summary.at("seconds"), file);
    for (const auto& item : summary.at("chosen").items()) run.chosen[item.key()] = item.value().dump();
    run.warnings = summary.at("warnings").get<std::vector<std::string>>();
    if (summary.contains("collapse")) run.collapse = collapse_of(summary.at("collapse"), file);
  });
}

void read_provenance(Run& run) {
  read_json(run.directory / "provenance.json", [&](const Json& json) {
    Provenance& provenance = run.provenance;
    provenance.command_line = json.at("command_line").get<std::vector<std::string>>();
    for (const auto& [key, text] : {std::pair("working_directory", &provenance.working_directory),
                                    {"trefoil", &provenance.trefoil},
                                    {"revision", &provenance.revision},
                                    {"libtorch", &provenance.libtorch},
                                    {"host", &provenance.host},
                                    {"device", &provenance.device},
                                    {"time", &provenance.time},
                                    {"data_sha256", &provenance.data_sha256}}) {
      *text = json.at(key).get<std::string>();
    }
  });
}

std::string page_of(const std::filesystem::path& directory) {
  for (const char* name : {"report.html", "log.txt"}) {
    if (std::filesystem::exists(directory / name)) return name;
  }
  return "";
}

// Throws DataError when a file has changed since the run wrote it.
void read_results(Run& run) {
  const base::Checksums checksums(run.directory, "run it again");
  checksums.require("config.toml");
  read_settings(run);
  for (const char* name : {"summary.json", "provenance.json", "result.txt"}) checksums.require(name);
  if (std::filesystem::exists(run.directory / "ranks.txt")) checksums.require("ranks.txt");  // there are labels
  read_summary(run);
  read_provenance(run);
}

// Returns a run without results, because one of its files cannot be used. It keeps the settings, so that the run stays
// in its row of the tables.
Run damaged(const Run& run, const std::string& reason) {
  Run result;
  result.directory = run.directory;
  result.page = run.page;
  result.settings = run.settings;
  result.status = "damaged";
  result.error = reason;
  return result;
}

Run read_run(const std::filesystem::path& directory) {
  Run run;
  run.directory = directory;
  run.page = page_of(directory);
  const RunState state = read_run_state(directory);
  run.status = state.status;
  run.error = state.error;
  if (run.status == "damaged") return run;
  try {
    if (run.done()) {
      read_results(run);
    } else {
      read_settings(run);  // a run writes its results last, so it has none, or half of them
    }
    return run;
  } catch (const DataError& error) {
    return damaged(run, error.what());
  }
}

}  // namespace

std::string Run::setting(const std::string& key) const {
  const auto found = settings.find(key);
  return found == settings.end() ? "" : found->second;
}

std::vector<Run> collect(const std::vector<std::filesystem::path>& directories,
                         const std::map<std::filesystem::path, std::string>& variants) {
  std::vector<Run> runs;
  for (const std::filesystem::path& directory : directories) {
    Run run = read_run(directory);
    const auto variant = variants.find(directory);
    if (variant != variants.end()) run.variant = variant->second;
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace trefoil::report
