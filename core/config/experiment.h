// Experiment: an experiment file after checking, with all defaults filled in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/search_section.h"
#include "config/settings.h"
#include "runtime/plugin_choice.h"
#include "trefoil/parameters.h"

namespace trefoil::config {

struct DataChoice {
  std::string layout;
  Parameters parameters;
};

// The place where one value of the experiment was set. The value itself is in the experiment.
struct SettingSource {
  std::string key;  // "relation.alpha"
  Origin origin;
  std::string help;
};

struct Experiment {
  std::filesystem::path file;
  std::string name;
  std::uint64_t seed = 0;
  std::vector<std::string> plugin_path;
  std::string needs;  // what the experiment needs before it can run; shown when it is missing
  DataChoice data;
  Parameters prompts;  // only for layouts of images
  // A stage that is left out has no entry. Only a stage whose section may be a list has several plugins.
  std::map<PluginKind, std::vector<runtime::PluginChoice>> plugins;
  std::optional<SearchChoice> search;
  std::vector<SettingSource> sources;  // in the order of the sections

  // The first plugin of a stage, or nullptr when the stage is left out.
  const runtime::PluginChoice* plugin(PluginKind kind) const;

  // The plugins of a stage, in the order in which they are called.
  const std::vector<runtime::PluginChoice>& plugins_of(PluginKind kind) const;
};

// Returns every value of the experiment with its key, origin and help text, in the order of the sections.
std::vector<Setting> settings_of(const Experiment& experiment);

// Returns the settings of these sections as lines "key = value", without α, β and γ. These three are fields of the
// classifier, and nothing else in it depends on them (trefoil/relation.h).
std::string text_without_cache_hyperparameters(const Experiment& experiment, const std::vector<std::string>& sections);

// Whether each value is followed by a comment that says where it was set.
enum class Origins { left_out, as_comments };

// Returns the experiment as a TOML file. With the same TREFOIL_PLUGIN_PATH, it gives the same run from any folder.
std::string to_toml(const Experiment& experiment, Origins origins = Origins::left_out);

// Return and set the value of a searched parameter.
double value_of(const Experiment& experiment, const SearchAxis& axis);
void set_value(Experiment& experiment, const SearchAxis& axis, double value);

// Returns the names of a stage's plugins as in the file: "mixed", or "residual, whitened" for a list. Returns "all" or
// "none" when the stage is left out.
std::string plugin_name(const Experiment& experiment, PluginKind kind);

// Returns where the value of `key` was set, or a default origin when it was not set.
Origin origin_of(const Experiment& experiment, const std::string& key);

}  // namespace trefoil::config
