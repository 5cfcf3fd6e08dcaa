// predict: a saved model applied to new images or features.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "features/feature_encoder.h"
#include "pipeline/classify.h"
#include "pipeline/metrics.h"
#include "runtime/observer.h"

namespace trefoil::run {

struct PredictOptions {
  std::filesystem::path model;     // a run directory, or a model file
  std::filesystem::path images;    // a folder of images; "" where `features` is set
  std::filesystem::path features;  // an array [N, D]; "" where `images` is set
  std::filesystem::path labels;    // "image_1.jpg 37" a line for images, an array [N] for features; "": not known
  std::filesystem::path result;    // the submission to write
  std::vector<std::string> encoder_settings;          // K=V, laid over those that the model's encoder was made with
  std::vector<std::filesystem::path> plugin_folders;  // more folders to look for the encoder's plugin in
  features::EncodeOptions encode;
};

struct Prediction {
  std::filesystem::path model;   // the file
  std::filesystem::path result;  // absolute
  std::int64_t queries = 0;
  std::optional<pipeline::Metrics> metrics;  // with labels
  std::vector<std::string> warnings;         // the model's, and those of this call
  std::vector<std::pair<std::string, double>> seconds;
};

// Gives what the model's run gave for the same queries, byte for byte, and writes it whole or not at all. Throws
// DataError also when the encoder is not the one that the model was made with.
Prediction predict(const PredictOptions& options, runtime::Observer& observer);

// The object that `--json` prints.
nlohmann::ordered_json to_json(const Prediction& prediction);

}  // namespace trefoil::run
