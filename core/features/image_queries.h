// Images to classify: encoded, named, and read from the store by blocks.
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

// Encodes the test images of `dataset` for a classifier [class_count, width]. The features stay in the store, so that
// `encoder` must outlive the queries. What the user should know of images without a feature is added to `notes`. Throws
// DataError, PluginError, Interrupted.
std::shared_ptr<const data::Queries> image_queries(const data::Dataset& dataset, std::int64_t class_count,
                                                   std::int64_t width, FeatureEncoder& encoder,
                                                   std::vector<std::string>& notes);

}  // namespace trefoil::features
