// ModelSettings: properties of a model that the shapes of its weights do not show.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "compute.h"
#include "trefoil/pixel_format.h"

namespace clip {

// A value, and where it comes from: "config.json", "encoder.heads", "default".
template <typename Value>
struct Sourced {
  Value value{};
  std::string source;
};

struct ModelSettings {
  std::optional<Sourced<std::int64_t>> vision_heads;  // attention heads of the image encoder
  std::optional<Sourced<std::int64_t>> text_heads;
  std::optional<Sourced<std::int64_t>> resolution;  // R, side of the image in pixels
  std::optional<Sourced<Activation>> activation;
  std::optional<Sourced<float>> epsilon;              // of layer normalisation
  std::optional<Sourced<std::array<float, 3>>> mean;  // of red, green and blue, each 0 to 1
  std::optional<Sourced<std::array<float, 3>>> deviation;
  std::optional<Sourced<trefoil::Framing>> framing;
  std::optional<Sourced<trefoil::Interpolation>> interpolation;
};

// The configuration files that lie beside the weights, or in the folder that is given as weights:
// open_clip_config.json, config.json and preprocessor_config.json.
std::vector<std::filesystem::path> configuration_files(const std::filesystem::path& weights);

// Reads these files. Where they disagree, open_clip_config.json counts. Throws std::runtime_error that names the file
// if it is damaged, or if the model in it is neither CLIP nor SigLIP of a fixed resolution.
ModelSettings read_model_settings(const std::vector<std::filesystem::path>& files);

}  // namespace clip
