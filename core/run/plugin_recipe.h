// Functions for the recipes of all plugins in a model: settings, and programs. A model may come from a stranger.
#pragma once

#include <string>
#include <vector>

#include "runtime/registry.h"
#include "trefoil/parameters.h"

namespace trefoil::run {

// The values as KEY=VALUE, for config::choose_plugin and config::configure.
std::vector<std::string> settings_of(const Parameters& parameters);

// Throws DataError if the plugin has a program among its parameters, and `allow_code` is not set. Call it before the
// plugin gets the values, because the plugin compiles the program.
void require_allowed_code(const runtime::LoadedPlugin& plugin, const std::string& model, bool allow_code);

}  // namespace trefoil::run
