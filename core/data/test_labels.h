// Labels of test images, from a file of lines "image_1.jpg 37".
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "data/dataset.h"

namespace trefoil::data {

// Lines for images that are not there are allowed: a list may cover more than one folder. Throws DataError when an
// image has no line, or two that differ, or a class outside [0, class_count).
void set_test_labels(std::vector<ImageEntry>& images, const std::filesystem::path& path, std::size_t class_count);

}  // namespace trefoil::data
