// Lists of images with their classes, as support.txt and the training list of Track 1 have them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "data/dataset.h"
#include "data/text_lines.h"

namespace trefoil::data {

// Reads lines such as "TrainSet/Animal/Bear/7.jpg 0". The names may be any bytes. Throws DataError when a line has
// another form, or a label that is not in [0, class_count).
std::vector<LabelledName> read_image_labels(const std::filesystem::path& path, std::size_t class_count);

// Reads such a list as images. Their names are relative to `root`. Throws DataError as read_image_labels does.
std::vector<ImageEntry> read_image_list(const std::filesystem::path& path, const std::filesystem::path& root,
                                        std::size_t class_count);

}  // namespace trefoil::data
