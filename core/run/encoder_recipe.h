// EncoderRecipe: how the encoder that a model was made with is made again, and whether that gave the same one. A model
// may come from a stranger: it says which encoder it needs, and never where the encoder's library lies.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/resolve.h"
#include "features/encoder_key.h"
#include "runtime/registry.h"

namespace trefoil::run {

struct EncoderRecipe {
  std::string plugin;                 // its name
  std::vector<std::string> settings;  // its parameters as K=V, for config::choose_plugin; paths are absolute
  nlohmann::ordered_json key;         // what decided its features: the description of features::EncoderKey
};

// Of an experiment that has an encoder, whose key is `key`.
EncoderRecipe encoder_recipe(const config::Experiment& experiment, const features::EncoderKey& key);

// By these the JSON library converts it; `from_json` throws nlohmann::json::exception.
void to_json(nlohmann::ordered_json& json, const EncoderRecipe& recipe);
void from_json(const nlohmann::ordered_json& json, EncoderRecipe& recipe);

// The encoder of the recipe with `changes`, K=V like its settings, laid over them. The parameter `trust`, by which a
// user allows an encoder to run code from its files, is taken from `changes` only. Throws as config::choose_plugin
// does.
runtime::PluginChoice choose_encoder(const EncoderRecipe& recipe, const std::vector<std::string>& changes,
                                     const runtime::Registry& registry);

// What two encoders differ in, a line each: "\n  weights: expected …, found …".
struct EncoderDifferences {
  std::string decisive;  // name, parameters, content of files, pixels: the features are other ones
  std::string minor;     // version and content of the library, LibTorch, device: they may differ by rounding
};

EncoderDifferences differences(const EncoderRecipe& expected, const features::EncoderKey& found);

}  // namespace trefoil::run
