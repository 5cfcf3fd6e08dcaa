// RelationRecipe: the relation that a model needs, because the model's logits are code of it. A model may come from a
// stranger: it names the relation's plugin, and never the folder of the plugin's library. If a parameter is a program,
// the program is in the model.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "runtime/plugin_host.h"
#include "runtime/registry.h"
#include "trefoil/relation.h"

namespace trefoil::run {

struct RelationRecipe {
  std::string plugin;                 // the name of the plugin
  std::vector<std::string> settings;  // the parameters as KEY=VALUE, for config::choose_plugin
  double temperature = 1;             // what the logits are divided by
};

// The recipe for the relation of the experiment.
RelationRecipe relation_recipe(const config::Experiment& experiment, double temperature);

// Conversions for the JSON library. `from_json` throws nlohmann::json::exception.
void to_json(nlohmann::ordered_json& json, const RelationRecipe& recipe);
void from_json(const nlohmann::ordered_json& json, RelationRecipe& recipe);

// The relation of a recipe. It must outlive the classifiers that it restores.
class RestoredRelation {
 public:
  // `model` is the file, for messages. Throws DataError if the model has a program and `allow_code` is not set, and the
  // errors of config::choose_plugin.
  RestoredRelation(const RelationRecipe& recipe, const std::string& model, bool allow_code,
                   const runtime::Registry& registry, const runtime::RunContext& run);

  // Returns the classifier of the model with its logits. Throws PluginError if the plugin cannot restore them.
  Classifier restored(Classifier classifier) const;

 private:
  std::string model_;
  double temperature_;
  runtime::HostedPlugin<Relation> relation_;
};

}  // namespace trefoil::run
