// Resolving: from an experiment file to a checked Experiment.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "runtime/registry.h"

namespace trefoil::config {

// The file with its parents and overrides merged, before its sections are checked. The plugins' search path is read
// first, because the plugins declare which keys their sections may have.
struct ExperimentFile {
  std::filesystem::path path;
  Table table;
  std::vector<std::string> plugin_path;
};

// Throws ConfigError with every mistake found so far.
ExperimentFile load_experiment_file(const std::filesystem::path& path, const std::vector<std::string>& overrides);

// Throws ConfigError with every mistake in the file. Without mistakes, throws PluginError when a plugin is missing or
// refused. The experiment points into `registry`, which must outlive it.
Experiment resolve(const ExperimentFile& file, const runtime::Registry& registry);

// One plugin with parameters given as "KEY=VALUE", for commands that need no experiment file. Throws like `resolve`.
runtime::PluginChoice choose_plugin(PluginKind kind, const std::string& name, const std::vector<std::string>& values,
                                    const runtime::Registry& registry);

// `choose_plugin` for a plugin that is already loaded. Parameters of the host, such as q, cannot be given.
runtime::PluginChoice configure(const runtime::LoadedPlugin& plugin, const std::vector<std::string>& values,
                                const std::string& named_at);

// The parameters that the plugin's section may have: the host's for this kind, such as q, then the plugin's own.
std::vector<Parameter> section_parameters(const PluginDescriptor& descriptor);

}  // namespace trefoil::config
