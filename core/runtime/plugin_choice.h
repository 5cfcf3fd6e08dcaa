// PluginChoice: a plugin that the experiment uses, and the values of its parameters.
#pragma once

#include <functional>
#include <string>

#include "runtime/registry.h"
#include "trefoil/parameters.h"

namespace trefoil::runtime {

// Returns the message of a mistake inside the value of a parameter, with its place in the experiment file. `what` says
// which call found it, for example "selector/script: score failed".
using Explain = std::function<std::string(const ParameterError& mistake, const std::string& what)>;

struct PluginChoice {
  const LoadedPlugin* plugin = nullptr;
  Parameters parameters;
  std::string named_at;      // where the plugin is named, for messages: "track1.toml:12:1"
  ParameterList declared{};  // what its section may have: parameters of Trefoil, such as q, then those of the plugin
  Explain explain{};         // empty if the parameters do not come from an experiment file
};

}  // namespace trefoil::runtime
