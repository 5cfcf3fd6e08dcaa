// AdapterRecipe: which adapter a model needs. A model may come from a stranger: it names its adapter's plugin, and
// never the folder of the plugin's library.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "runtime/plugin_choice.h"
#include "runtime/registry.h"

namespace trefoil::run {

struct AdapterRecipe {
  std::string plugin;                        // the name of the plugin
  std::string version;                       // of the plugin
  std::vector<std::string> settings;         // the parameters as KEY=VALUE; paths are absolute
  std::map<std::string, std::string> files;  // the SHA-256 of the file that each parameter of type path names
  std::uint64_t seed = 0;                    // of the experiment
};

// The recipe for the chosen adapter. Throws RunError when a file of a parameter cannot be read.
AdapterRecipe adapter_recipe(const runtime::PluginChoice& adapter, std::uint64_t seed, base::FileSums& sums);

// Conversions for the JSON library. `from_json` throws nlohmann::json::exception.
void to_json(nlohmann::ordered_json& json, const AdapterRecipe& recipe);
void from_json(const nlohmann::ordered_json& json, AdapterRecipe& recipe);

// The adapter of the recipe. `model` is the file, for messages. Throws DataError when a file of a parameter is missing
// or has changed, or when the model has a program and `allow_code` is not set, and the errors of config::choose_plugin.
runtime::PluginChoice choose_adapter(const AdapterRecipe& recipe, const std::string& model, bool allow_code,
                                     const runtime::Registry& registry, base::FileSums& sums);

}  // namespace trefoil::run
