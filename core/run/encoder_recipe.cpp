#include "run/encoder_recipe.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/text.h"
#include "run/plugin_recipe.h"

namespace trefoil::run {

namespace {

using Json = nlohmann::ordered_json;

// "/parameters/weights" -> "weights".
std::string readable(const std::string& pointer) {
  constexpr std::string_view kParameters = "/parameters/";
  return pointer.substr(base::starts_with(pointer, kParameters) ? kParameters.size() : 1);
}

std::string value_text(const Json& values, const std::string& pointer) {
  return values.contains(pointer) ? values.at(pointer).dump() : "nothing";
}

}  // namespace

EncoderRecipe encoder_recipe(const config::Experiment& experiment, const features::EncoderKey& key) {
  EncoderRecipe recipe;
  recipe.plugin = experiment.plugin(PluginKind::encoder)->plugin->descriptor->name;
  recipe.settings = settings_of(experiment.plugin(PluginKind::encoder)->parameters);
  recipe.key = Json::parse(key.description);
  return recipe;
}

void to_json(Json& json, const EncoderRecipe& recipe) {
  json = {{"plugin", recipe.plugin}, {"settings", recipe.settings}, {"key", recipe.key}};
}

void from_json(const Json& json, EncoderRecipe& recipe) {
  recipe = {json.at("plugin"), json.at("settings"), json.at("key")};
}

runtime::PluginChoice choose_encoder(const EncoderRecipe& recipe, const std::vector<std::string>& changes,
                                     const runtime::Registry& registry) {
  std::vector<std::string> settings;
  for (const std::string& setting : recipe.settings) {
    if (!base::starts_with(setting, "trust=")) settings.push_back(setting);
  }
  settings.insert(settings.end(), changes.begin(), changes.end());
  return config::choose_plugin(PluginKind::encoder, recipe.plugin, settings, registry);
}

EncoderDifferences differences(const EncoderRecipe& expected, const features::EncoderKey& found) {
  constexpr std::array<std::string_view, 4> kMinor = {"/version", "/library", "/libtorch", "/device"};
  const Json wanted = expected.key.flatten();  // "/parameters/weights": "9f86…"
  const Json present = Json::parse(found.description).flatten();
  std::set<std::string> pointers;
  for (const Json& values : {wanted, present}) {
    for (const auto& [pointer, value] : values.items()) pointers.insert(pointer);
  }
  EncoderDifferences result;
  for (const std::string& pointer : pointers) {
    const std::string before = value_text(wanted, pointer);
    const std::string now = value_text(present, pointer);
    if (before == now) continue;
    const bool minor = std::find(kMinor.begin(), kMinor.end(), pointer) != kMinor.end();
    std::string& lines = minor ? result.minor : result.decisive;
    lines.append("\n  ").append(readable(pointer)).append(": expected ").append(before).append(", found ").append(now);
  }
  return result;
}

}  // namespace trefoil::run
