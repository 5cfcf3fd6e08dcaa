// Turns encoded test images into queries: names them, and reads their features from the store by blocks.
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

// Returns the test images of `dataset` as queries for a classifier with `class_count` classes and D = `width`. `rows`
// are their features, which stay in the store, so `encoder` must outlive the queries. Adds a note about images that
// could not be read to `notes`. Throws DataError.
std::shared_ptr<const data::Queries> image_queries(const data::Dataset& dataset, ImageRows rows,
                                                   std::int64_t class_count, std::int64_t width,
                                                   const FeatureEncoder& encoder, std::vector<std::string>& notes);

}  // namespace trefoil::features
