// PluginChoice: a plugin that the experiment uses, and the values of its parameters.
#pragma once

#include <string>

#include "runtime/registry.h"
#include "trefoil/parameters.h"

namespace trefoil::runtime {

struct PluginChoice {
  const LoadedPlugin* plugin = nullptr;
  Parameters parameters;
  std::string named_at;  // where the plugin is named, for messages: "track1.toml:12:1"
};

}  // namespace trefoil::runtime
