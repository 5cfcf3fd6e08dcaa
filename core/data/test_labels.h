// Labels of test images, from a file of lines "image_1.jpg 37".
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "data/dataset.h"

namespace trefoil::data {

// Sets the labels of the images. The file may have lines for other images, because a list may be used for several
// folders. Throws DataError when an image has no line, when it has two lines with different labels, or when a label is
// not in [0, class_count).
void set_test_labels(std::vector<ImageEntry>& images, const std::filesystem::path& path, std::size_t class_count);

}  // namespace trefoil::data
