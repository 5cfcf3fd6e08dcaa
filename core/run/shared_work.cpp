#include "run/shared_work.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "config/settings.h"
#include "config/toml.h"

namespace trefoil::run {

namespace {

std::string settings_of(const config::Experiment& experiment, const std::vector<std::string>& sections) {
  std::string text = "seed = " + std::to_string(experiment.seed) + "\n";
  for (const config::Setting& setting : experiment.settings) {
    const bool wanted = std::any_of(sections.begin(), sections.end(), [&](const std::string& section) {
      return base::starts_with(setting.key, section + ".");
    });
    if (wanted) text += setting.key + " = " + config::toml_text(setting.value) + "\n";
  }
  return text;
}

}  // namespace

std::string task_key(const config::Experiment& experiment) {
  return settings_of(experiment, {"data", "encoder", "prompts"});
}

std::string channels_key(const config::Experiment& experiment) {
  std::string key = settings_of(experiment, {"data", "encoder", "prompts", "selector"});
  if (!experiment.search) return key;
  // What a search has chosen is not among the settings.
  for (const config::SearchAxis& axis : experiment.search->axes) {
    if (axis.kind == PluginKind::selector)
      key += axis.key + " = " + config::real_text(config::value_of(experiment, axis)) + "\n";
  }
  return key;
}

}  // namespace trefoil::run
