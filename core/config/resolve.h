// Reads an experiment file and checks it. The result is an Experiment.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "runtime/registry.h"

namespace trefoil::config {

// An experiment file merged with the files that it extends and with the overrides, before its sections are checked.
// `plugin_path` is read first, because the plugins declare which keys their sections may have.
struct ExperimentFile {
  std::filesystem::path path;
  Table table;
  std::vector<std::string> plugin_path;
};

// Throws ConfigError with every mistake in the TOML, in `extends`, in the overrides and in `plugin_path`.
ExperimentFile load_experiment_file(const std::filesystem::path& path, const std::vector<std::string>& overrides);

// Throws ConfigError with every mistake in the file. If there is none, throws PluginError when a plugin is missing or
// was refused. `registry` must outlive the experiment.
Experiment resolve(const ExperimentFile& file, const runtime::Registry& registry);

// Returns a plugin with parameters that are given as "KEY=VALUE", for commands without an experiment file. Throws as
// `resolve` does.
runtime::PluginChoice choose_plugin(PluginKind kind, const std::string& name, const std::vector<std::string>& values,
                                    const runtime::Registry& registry);

// Does the same for a plugin that is already loaded. Parameters that belong to Trefoil, such as q, cannot be given.
runtime::PluginChoice configure(const runtime::LoadedPlugin& plugin, const std::vector<std::string>& values,
                                const std::string& named_at);

// Returns the parameters that the section of a plugin may have: those that belong to Trefoil, such as q, then those of
// the plugin.
std::vector<Parameter> section_parameters(const PluginDescriptor& descriptor);

}  // namespace trefoil::config
