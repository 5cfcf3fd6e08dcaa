// predict: applies a saved model to new images or features.
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
#include "run/transduction.h"
#include "runtime/observer.h"

namespace trefoil::run {

struct PredictOptions {
  std::filesystem::path model;     // a run directory, or a model file
  std::filesystem::path images;    // a folder of images; empty when `features` is set
  std::filesystem::path features;  // an array [N, D]; empty when `images` is set
  std::filesystem::path labels;    // lines "image_1.jpg 37" for images, an array [N] for features; may be empty
  std::filesystem::path result;    // the submission to write
  bool allow_code = false;         // whether a program in the model may run
  std::vector<std::string> encoder_settings;          // KEY=VALUE; override the settings in the model
  std::vector<std::filesystem::path> plugin_folders;  // more folders that may hold the model's plugins
  features::EncodeOptions encode;
};

struct Prediction {
  std::filesystem::path model;   // the file
  std::filesystem::path result;  // absolute
  std::int64_t queries = 0;
  std::optional<pipeline::Metrics> metrics;  // with labels
  std::optional<Transduction> transduction;  // when the model has an adapter
  std::vector<std::string> warnings;         // the model's, and those of this call
  std::vector<std::pair<std::string, double>> seconds;
};

// Writes the submission atomically. For the queries of the model's run it is equal to the run's submission, byte for
// byte. A model with an adapter is adapted to the queries. Throws DataError when a file is missing or damaged, or when
// the encoder is not the one that the model was made with.
Prediction predict(const PredictOptions& options, runtime::Observer& observer);

// The object that `--json` prints.
nlohmann::ordered_json to_json(const Prediction& prediction);

}  // namespace trefoil::run
