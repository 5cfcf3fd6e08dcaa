// Turns test images into queries: encodes them, names them, and reads their features from the store by blocks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/task.h"
#include "features/feature_encoder.h"

namespace trefoil::features {

std::vector<std::filesystem::path> files_of(const std::vector<data::ImageEntry>& images);
torch::Tensor labels_of(const std::vector<data::ImageEntry>& images);  // [n] int64

// Encodes the test images of `dataset` for a classifier with `class_count` classes and D = `width`. The features stay
// in the store, so `encoder` must outlive the queries. Adds a note about images that could not be read to `notes`.
// Throws DataError, PluginError, Interrupted.
std::shared_ptr<const data::Queries> image_queries(const data::Dataset& dataset, std::int64_t class_count,
                                                   std::int64_t width, FeatureEncoder& encoder,
                                                   std::vector<std::string>& notes);

}  // namespace trefoil::features
