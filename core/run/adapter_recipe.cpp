#include "run/adapter_recipe.h"

#include "base/errors.h"
#include "config/resolve.h"
#include "run/plugin_recipe.h"

namespace trefoil::run {

namespace {

using Json = nlohmann::ordered_json;

// The SHA-256 of the file of each parameter of type path that names one.
std::map<std::string, std::string> sums_of_files(const runtime::PluginChoice& adapter, base::FileSums& sums) {
  std::map<std::string, std::string> files;
  const PluginDescriptor& descriptor = *adapter.plugin->descriptor;
  for (std::size_t i = 0; i < descriptor.parameter_count; ++i) {
    const Parameter& declared = descriptor.parameters[i];
    if (declared.type != ParameterType::path) continue;
    const std::string& file = adapter.parameters.text(declared.name);
    if (!file.empty()) files[declared.name] = sums.sha256(file);
  }
  return files;
}

}  // namespace

AdapterRecipe adapter_recipe(const runtime::PluginChoice& adapter, std::uint64_t seed, base::FileSums& sums) {
  const PluginDescriptor& descriptor = *adapter.plugin->descriptor;
  return {descriptor.name, descriptor.version, settings_of(adapter.parameters), sums_of_files(adapter, sums), seed};
}

void to_json(Json& json, const AdapterRecipe& recipe) {
  json = {{"plugin", recipe.plugin},
          {"version", recipe.version},
          {"settings", recipe.settings},
          {"files", recipe.files},
          {"seed", recipe.seed}};
}

void from_json(const Json& json, AdapterRecipe& recipe) {
  recipe = {json.at("plugin"), json.at("version"), json.at("settings"), json.at("files"), json.at("seed")};
}

runtime::PluginChoice choose_adapter(const AdapterRecipe& recipe, const std::string& model, bool allow_code,
                                     const runtime::Registry& registry, base::FileSums& sums) {
  if (const runtime::LoadedPlugin* plugin = registry.find(PluginKind::adapter, recipe.plugin))
    require_allowed_code(*plugin, model, allow_code);
  runtime::PluginChoice choice = config::choose_plugin(PluginKind::adapter, recipe.plugin, recipe.settings, registry);
  for (const auto& [parameter, sum] : recipe.files) {
    const std::string& file = choice.parameters.text(parameter);
    std::string found;
    try {
      found = sums.sha256(file);
    } catch (const std::exception& error) {
      throw DataError(file + ": '" + parameter + "' of the model's adapter needs this file, and it cannot be read (" +
                      error.what() + "); put it back, or run the experiment again");
    }
    if (found != sum) {
      throw DataError(file + ": '" + parameter +
                      "' of the model's adapter needs this file, and its content has changed since the model was made; "
                      "put the old file back, or run the experiment again");
    }
  }
  return choice;
}

}  // namespace trefoil::run
