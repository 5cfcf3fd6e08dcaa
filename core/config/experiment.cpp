#include "config/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "config/plugin_key.h"
#include "config/toml.h"

namespace trefoil::config {

namespace {

ParameterValue top_level_value(const Experiment& experiment, const std::string& name) {
  if (name == "name") return experiment.name;
  if (name == "seed") return static_cast<std::int64_t>(experiment.seed);
  if (name == "plugin_path") return experiment.plugin_path;
  return experiment.needs;
}

ParameterValue plugin_value(const Experiment& experiment, const std::string& section, const std::string& name) {
  const PluginPlace place = *plugin_place(section);
  const std::vector<runtime::PluginChoice>& choices = experiment.plugins_of(place.kind);
  if (name != "plugin") return choices.at(place.position).parameters.values().at(name);
  return choices.empty() ? runtime::absent_word(runtime::traits_of(place.kind))
                         : std::string(choices.at(place.position).plugin->descriptor->name);
}

Value value_at(const Experiment& experiment, const SettingSource& source) {
  const std::string section = section_of(source.key);
  const std::string name = name_in_section(source.key);
  if (section == "search") {
    if (const Value* range = written_range(*experiment.search, name)) return *range;
    return file_value(experiment.search->parameters.values().at(name), source.origin);
  }
  if (section.empty()) return file_value(top_level_value(experiment, name), source.origin);
  if (section == "prompts") return file_value(experiment.prompts.values().at(name), source.origin);
  if (source.key == "data.layout") return file_value(experiment.data.layout, source.origin);
  if (section == "data") return file_value(experiment.data.parameters.values().at(name), source.origin);
  return file_value(plugin_value(experiment, section, name), source.origin);
}

}  // namespace

const runtime::PluginChoice* Experiment::plugin(PluginKind kind) const {
  const std::vector<runtime::PluginChoice>& choices = plugins_of(kind);
  return choices.empty() ? nullptr : &choices.front();
}

const std::vector<runtime::PluginChoice>& Experiment::plugins_of(PluginKind kind) const {
  static const std::vector<runtime::PluginChoice> kNone;
  const auto found = plugins.find(kind);
  return found == plugins.end() ? kNone : found->second;
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

std::string to_toml(const Experiment& experiment, Origins origins) {
  std::string text;
  std::string section;
  for (const Setting& setting : settings_of(experiment)) {
    const std::string section_of_key = section_of(setting.key);
    if (section_of_key != section) {
      section = section_of_key;
      const bool in_list = section.find('.') != std::string::npos;
      text += "\n" + (in_list ? "[[" + section.substr(0, section.find('.')) + "]]" : "[" + section + "]") + "\n";
    }
    const std::string line = name_in_section(setting.key) + " = " + toml_lines_text(setting.value);
    text +=
        origins == Origins::left_out ? line + "\n" : fmt::format("{:<44} # {}\n", line, setting.value.origin.text());
  }
  return text;
}

double value_of(const Experiment& experiment, const SearchAxis& axis) {
  const ParameterValue& value =
      experiment.plugins_of(axis.place.kind).at(axis.place.position).parameters.values().at(axis.parameter);
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value);
}

void set_value(Experiment& experiment, const SearchAxis& axis, double value) {
  runtime::PluginChoice& choice = experiment.plugins.at(axis.place.kind).at(axis.place.position);
  Parameters::Values values = choice.parameters.values();
  values[axis.parameter] = axis.whole ? ParameterValue(std::int64_t{std::llround(value)}) : ParameterValue(value);
  choice.parameters = Parameters(std::move(values));
}

std::string plugin_name(const Experiment& experiment, PluginKind kind) {
  std::string names;
  for (const runtime::PluginChoice& choice : experiment.plugins_of(kind)) {
    names += (names.empty() ? "" : ", ") + std::string(choice.plugin->descriptor->name);
  }
  return names.empty() ? runtime::absent_word(runtime::traits_of(kind)) : names;
}

Origin origin_of(const Experiment& experiment, const std::string& key) {
  const auto source = std::find_if(experiment.sources.begin(), experiment.sources.end(),
                                   [&](const SettingSource& candidate) { return candidate.key == key; });
  return source == experiment.sources.end() ? Origin{} : source->origin;
}

}  // namespace trefoil::config
