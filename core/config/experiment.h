// Experiment: one experiment file, resolved, that is, checked, with every default filled in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/search_section.h"
#include "config/settings.h"
#include "config/value.h"
#include "plugins/registry.h"
#include "trefoil/parameters.h"

namespace trefoil::config {

// The merged file, before its sections are checked. The plugins' search path is known now, and must be, because the
// plugins declare what may stand in their sections.
struct ExperimentFile {
  std::filesystem::path path;
  Table table;
  std::vector<std::string> plugin_path;
};

// A section that names a plugin, and the values for it.
struct PluginChoice {
  const plugins::LoadedPlugin* plugin = nullptr;
  Parameters parameters;
  std::string named_at;  // the place in the file, for messages
};

struct DataChoice {
  std::string layout;
  Parameters parameters;
};

struct Experiment {
  std::filesystem::path file;
  std::string name;
  std::uint64_t seed = 0;
  std::string needs;  // what has to be there before it can run, for the message when it is not
  DataChoice data;
  std::optional<PluginChoice> encoder;  // with images only, as the next
  Parameters prompts;
  PluginChoice selector;
  PluginChoice relation;
  PluginChoice head;
  std::optional<SearchChoice> search;
  std::optional<std::int64_t> q;  // channels to keep; nothing: all of them
  Origin q_origin;
  std::vector<Setting> settings;  // every value, in the order of the sections
};

// Throws ConfigError with everything that is wrong so far.
ExperimentFile load_experiment_file(const std::filesystem::path& path, const std::vector<std::string>& overrides);

// Throws ConfigError with everything that is wrong, or else PluginError when a plugin it names is not there. The
// experiment points into `registry`.
Experiment resolve(const ExperimentFile& file, const plugins::Registry& registry);

// One plugin with its parameters as K=V texts, for commands that need no experiment. Throws like `resolve`.
PluginChoice choose_plugin(PluginKind kind, const std::string& name, const std::vector<std::string>& values,
                           const plugins::Registry& registry);

// The same for a plugin that is not looked for.
PluginChoice configure(const plugins::LoadedPlugin& plugin, const std::vector<std::string>& values,
                       const std::string& named_at);

// The resolved experiment as a TOML file that gives the same run wherever it lies, with the same TREFOIL_PLUGIN_PATH.
std::string to_toml(const Experiment& experiment);

// Whether there is a head that changes the relation's classifier: any but `none`.
bool has_head(const Experiment& experiment);

// The value of a searched parameter, and the experiment with another one.
double value_of(const Experiment& experiment, const SearchAxis& axis);
void set_value(Experiment& experiment, const SearchAxis& axis, double value);

// Everything that the plugin's section may set: what the host itself reads there, which is `q` in [selector] (but for
// the selector `all`, which keeps every channel), and what the plugin declares.
std::vector<Parameter> section_parameters(const PluginDescriptor& descriptor);

}  // namespace trefoil::config
