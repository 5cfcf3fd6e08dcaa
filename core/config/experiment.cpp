#include "config/experiment.h"

#include <algorithm>
#include <cmath>

#include "config/toml.h"

namespace trefoil::config {

namespace {

// Returns the section of a key: "relation" for "relation.alpha", "" at the top level.
std::string section_of(const std::string& key) {
  const std::size_t dot = key.find('.');
  return dot == std::string::npos ? "" : key.substr(0, dot);
}

ParameterValue top_level_value(const Experiment& experiment, const std::string& name) {
  if (name == "name") return experiment.name;
  if (name == "seed") return static_cast<std::int64_t>(experiment.seed);
  if (name == "plugin_path") return experiment.plugin_path;
  return experiment.needs;
}

ParameterValue plugin_value(const Experiment& experiment, PluginKind kind, const std::string& name) {
  if (name == "plugin") return plugin_name(experiment, kind);
  return experiment.plugins.at(kind).parameters.values().at(name);
}

Value value_at(const Experiment& experiment, const SettingSource& source) {
  const std::string section = section_of(source.key);
  const std::string name = source.key.substr(section.empty() ? 0 : section.size() + 1);
  if (section == "search") {
    if (const Value* range = written_range(*experiment.search, name)) return *range;
    return file_value(experiment.search->parameters.values().at(name), source.origin);
  }
  if (section.empty()) return file_value(top_level_value(experiment, name), source.origin);
  if (section == "prompts") return file_value(experiment.prompts.values().at(name), source.origin);
  if (source.key == "data.layout") return file_value(experiment.data.layout, source.origin);
  if (section == "data") return file_value(experiment.data.parameters.values().at(name), source.origin);
  return file_value(plugin_value(experiment, runtime::find_kind(section)->kind, name), source.origin);
}

}  // namespace

const runtime::PluginChoice* Experiment::plugin(PluginKind kind) const {
  const auto found = plugins.find(kind);
  return found == plugins.end() ? nullptr : &found->second;
}

std::vector<Setting> settings_of(const Experiment& experiment) {
  std::vector<Setting> settings;
  settings.reserve(experiment.sources.size());
  for (const SettingSource& source : experiment.sources)
    settings.push_back({source.key, value_at(experiment, source), source.help});
  return settings;
}

std::string text_without_cache_hyperparameters(const Experiment& experiment, const std::vector<std::string>& sections) {
  std::string text;
  for (const Setting& setting : settings_of(experiment)) {
    const bool wanted = std::find(sections.begin(), sections.end(), section_of(setting.key)) != sections.end();
    if (wanted && !is_cache_hyperparameter(setting.key)) text += setting.key + " = " + toml_text(setting.value) + "\n";
  }
  return text;
}

std::string to_toml(const Experiment& experiment) {
  std::string text;
  std::string section;
  for (const Setting& setting : settings_of(experiment)) {
    const std::string section_of_key = section_of(setting.key);
    if (section_of_key != section) {
      section = section_of_key;
      text += "\n[" + section + "]\n";
    }
    text += setting.key.substr(section.empty() ? 0 : section.size() + 1) + " = " + toml_text(setting.value) + "\n";
  }
  return text;
}

double value_of(const Experiment& experiment, const SearchAxis& axis) {
  const ParameterValue& value = experiment.plugins.at(axis.kind).parameters.values().at(axis.parameter);
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value);
}

void set_value(Experiment& experiment, const SearchAxis& axis, double value) {
  runtime::PluginChoice& choice = experiment.plugins.at(axis.kind);
  Parameters::Values values = choice.parameters.values();
  values[axis.parameter] = axis.whole ? ParameterValue(std::int64_t{std::llround(value)}) : ParameterValue(value);
  choice.parameters = Parameters(std::move(values));
}

std::string plugin_name(const Experiment& experiment, PluginKind kind) {
  const runtime::PluginChoice* choice = experiment.plugin(kind);
  return choice == nullptr ? runtime::absent_word(runtime::traits_of(kind)) : choice->plugin->descriptor->name;
}

Origin origin_of(const Experiment& experiment, const std::string& key) {
  const auto source = std::find_if(experiment.sources.begin(), experiment.sources.end(),
                                   [&](const SettingSource& candidate) { return candidate.key == key; });
  return source == experiment.sources.end() ? Origin{} : source->origin;
}

}  // namespace trefoil::config
