#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "commands.h"
#include "config/experiment.h"
#include "json_line.h"

namespace runner {

namespace {

using namespace trefoil;

nlohmann::ordered_json json_value(const ParameterValue& value) {
  return std::visit([](const auto& typed) { return nlohmann::ordered_json(typed); }, value);
}

void print_json(const config::Experiment& experiment) {
  nlohmann::ordered_json settings = nlohmann::ordered_json::object();
  for (const config::Setting& setting : experiment.settings) {
    settings[setting.key] = {{"value", json_value(setting.value)}, {"origin", setting.origin.text()}};
  }
  fmt::print("{}\n", json_line(nlohmann::ordered_json{{"experiment", experiment.name}, {"settings", settings}}));
}

// The resolved file, each line with the place its value comes from.
void print_annotated(const config::Experiment& experiment) {
  std::istringstream lines(config::to_toml(experiment));
  auto setting = experiment.settings.begin();
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '[') {
      fmt::print("{}\n", line);
    } else {
      fmt::print("{:<44} # {}\n", line, setting->origin.text());
      ++setting;
    }
  }
}

}  // namespace

void show(const ShowOptions& options) {
  const config::ExperimentFile file = config::load_experiment_file(options.experiment, options.overrides);
  const plugins::Registry registry(plugins::search_path(file.plugin_path));
  const config::Experiment experiment = config::resolve(file, registry);
  if (options.json) {
    print_json(experiment);
  } else {
    print_annotated(experiment);
  }
}

}  // namespace runner
