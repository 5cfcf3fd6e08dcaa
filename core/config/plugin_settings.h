// Plugin settings: reads the section of a plugin, whose parameters may depend on the values of others.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "runtime/plugin_choice.h"

namespace trefoil::config {

struct PluginSection {
  const Table& table;
  std::string name;                // "selector", "head.2"
  std::vector<std::string> owned;  // keys that the caller reads itself, such as plugin
  std::vector<Parameter> of_host;  // parameters of the section that belong to Trefoil, such as q
  std::string named_at;            // where the plugin is named, for messages
};

// Does what `read_settings` does, and returns the plugin with its parameters. A program may be in a file, which the key
// `file` names: its text becomes the value of the program's parameter. Returns nothing, and reports why, when it cannot
// be known which parameters the section may have. Throws PluginError when the plugin fails to declare them.
std::optional<runtime::PluginChoice> read_plugin_settings(const runtime::LoadedPlugin& plugin,
                                                          const PluginSection& section,
                                                          const std::filesystem::path& folder, Diagnostics& diagnostics,
                                                          std::vector<Setting>& settings);

}  // namespace trefoil::config
