// EncoderRecipe: which encoder a model needs, and whether an encoder is that one. A model may come from a stranger: it
// names its encoder's plugin, and never the folder of the plugin's library.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/resolve.h"
#include "features/encoder_key.h"
#include "runtime/registry.h"

namespace trefoil::run {

struct EncoderRecipe {
  std::string plugin;                 // the name of the plugin
  std::vector<std::string> settings;  // the parameters as KEY=VALUE, for config::choose_plugin; paths are absolute
  nlohmann::ordered_json key;         // the description of features::EncoderKey: everything that decides the features
};

// The values as KEY=VALUE, for config::choose_plugin.
std::vector<std::string> settings_of(const Parameters& parameters);

// The recipe for the encoder of the experiment, which has one. `key` is the key of that encoder.
EncoderRecipe encoder_recipe(const config::Experiment& experiment, const features::EncoderKey& key);

// Conversions for the JSON library. `from_json` throws nlohmann::json::exception.
void to_json(nlohmann::ordered_json& json, const EncoderRecipe& recipe);
void from_json(const nlohmann::ordered_json& json, EncoderRecipe& recipe);

// The encoder of the recipe. `changes`, KEY=VALUE, override its settings. The parameter `trust`, which allows an
// encoder to run code from its files, is taken from `changes` only. Throws the errors of config::choose_plugin.
runtime::PluginChoice choose_encoder(const EncoderRecipe& recipe, const std::vector<std::string>& changes,
                                     const runtime::Registry& registry);

// The differences between two encoders, one line each: "\n  weights: expected …, found …".
struct EncoderDifferences {
  std::string decisive;  // name, parameters, content of files, pixels: the features differ
  std::string minor;     // version and content of the library, LibTorch, device: the features may differ by rounding
};

EncoderDifferences differences(const EncoderRecipe& expected, const features::EncoderKey& found);

}  // namespace trefoil::run
