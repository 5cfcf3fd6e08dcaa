#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "commands.h"
#include "config/job.h"
#include "config/resolve.h"
#include "json_line.h"

namespace runner {

namespace {

using namespace trefoil;

nlohmann::ordered_json json_value(const config::Value& value) {
  struct Writer {
    nlohmann::ordered_json operator()(const config::Array& array) const {
      auto list = nlohmann::ordered_json::array();
      for (const config::Value& element : array) list.push_back(json_value(element));
      return list;
    }
    nlohmann::ordered_json operator()(const config::Table& table) const {
      auto object = nlohmann::ordered_json::object();
      for (const config::Entry& entry : table.entries()) object[entry.key] = json_value(entry.value);
      return object;
    }
    nlohmann::ordered_json operator()(const std::string& text) const { return text; }
    nlohmann::ordered_json operator()(double real) const { return real; }
    nlohmann::ordered_json operator()(std::int64_t integer) const { return integer; }
    nlohmann::ordered_json operator()(bool boolean) const { return boolean; }
  };
  return std::visit(Writer(), value.data);
}

void print_json(const config::Experiment& experiment) {
  nlohmann::ordered_json settings = nlohmann::ordered_json::object();
  for (const config::Setting& setting : config::settings_of(experiment)) {
    settings[setting.key] = {{"value", json_value(setting.value)}, {"origin", setting.value.origin.text()}};
  }
  fmt::print("{}\n", json_line(nlohmann::ordered_json{{"experiment", experiment.name}, {"settings", settings}}));
}

}  // namespace

void show(const ShowOptions& options) {
  const config::ExperimentFile file = config::load_experiment_file(options.experiment, options.overrides);
  const runtime::Registry registry(runtime::search_path(options.plugins.with(file.plugin_path)));
  const config::Experiment experiment = config::resolve(config::with_job(file, {}), registry);
  if (options.json) {
    print_json(experiment);
  } else {
    fmt::print("{}", config::to_toml(experiment, config::Origins::as_comments));
  }
}

}  // namespace runner
