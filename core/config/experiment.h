// Experiment: one experiment file, checked, with every default filled in.
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

// Where one value of the experiment comes from. The value itself is in the experiment only.
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
  std::string needs;  // what must be there before the experiment can run; shown when it is missing
  DataChoice data;
  Parameters prompts;                                   // for layouts of images only
  std::map<PluginKind, runtime::PluginChoice> plugins;  // a stage that is left out has no entry
  std::optional<SearchChoice> search;
  std::vector<SettingSource> sources;  // in the order of the sections

  // The plugin of a stage, or nullptr when the stage is left out.
  const runtime::PluginChoice* plugin(PluginKind kind) const;
};

// Every value of the experiment with its key, origin and help, in the order of the sections.
std::vector<Setting> settings_of(const Experiment& experiment);

// The settings of these sections as lines "key = value". α, β and γ are left out: they are fields of the classifier,
// and change nothing else of it (trefoil/relation.h).
std::string text_without_cache_hyperparameters(const Experiment& experiment, const std::vector<std::string>& sections);

// The experiment as a TOML file. It gives the same run from any folder, with the same TREFOIL_PLUGIN_PATH.
std::string to_toml(const Experiment& experiment);

// The value of a searched parameter, and the experiment with another value.
double value_of(const Experiment& experiment, const SearchAxis& axis);
void set_value(Experiment& experiment, const SearchAxis& axis, double value);

// The name of a stage's plugin, as in the file: "mixed"; "all" or "none" when the stage is left out.
std::string plugin_name(const Experiment& experiment, PluginKind kind);

// Where the value of `key` was set. A default origin when it was not.
Origin origin_of(const Experiment& experiment, const std::string& key);

}  // namespace trefoil::config
