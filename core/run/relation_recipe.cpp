#include "run/relation_recipe.h"

#include "base/errors.h"
#include "config/resolve.h"
#include "pipeline/calibration.h"
#include "run/plugin_recipe.h"

namespace trefoil::run {

namespace {

// Chooses the plugin without running code of the model. Only `declare` of the plugin is called, which compiles.
runtime::PluginChoice choose_relation(const RelationRecipe& recipe, const std::string& model, bool allow_code,
                                      const runtime::Registry& registry) {
  const runtime::LoadedPlugin* plugin = registry.find(PluginKind::relation, recipe.plugin);
  if (plugin == nullptr) throw PluginError(model + ": " + registry.why_missing(PluginKind::relation, recipe.plugin));
  require_allowed_code(*plugin, model, allow_code);
  return config::configure(*plugin, recipe.settings, model);
}

}  // namespace

RelationRecipe relation_recipe(const config::Experiment& experiment, double temperature) {
  const runtime::PluginChoice& relation = *experiment.plugin(PluginKind::relation);
  return {relation.plugin->descriptor->name, settings_of(relation.parameters), temperature};
}

void to_json(nlohmann::ordered_json& json, const RelationRecipe& recipe) {
  json = {{"plugin", recipe.plugin}, {"settings", recipe.settings}, {"temperature", recipe.temperature}};
}

void from_json(const nlohmann::ordered_json& json, RelationRecipe& recipe) {
  recipe = {json.at("plugin"), json.at("settings"), json.at("temperature")};
}

RestoredRelation::RestoredRelation(const RelationRecipe& recipe, const std::string& model, bool allow_code,
                                   const runtime::Registry& registry, const runtime::RunContext& run)
    : model_(model),
      temperature_(recipe.temperature),
      relation_(choose_relation(recipe, model, allow_code, registry), run) {}

Classifier RestoredRelation::restored(Classifier classifier) const {
  classifier.custom_logits = nullptr;
  relation_.plugin.call("restore", [&](const Relation& relation) {
    relation.restore(classifier);
    return true;
  });
  if (!classifier.custom_logits) {
    throw PluginError("plugin " + relation_.plugin.label() + ": it cannot restore the logits of the model " + model_ +
                      "; use the version of the plugin that made it");
  }
  return pipeline::with_temperature(std::move(classifier), temperature_);
}

}  // namespace trefoil::run
