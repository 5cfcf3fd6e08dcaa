// Finding image files in folders.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace trefoil::data {

// Whether `left` comes before `right` when runs of digits count as numbers: "image_9.jpg" before "image_10.jpg".
// Names that differ in leading zeros only are ordered by their bytes.
bool natural_less(std::string_view left, std::string_view right);

// Everything in a folder (not below it) that is called like an image: .jpg .jpeg .png .bmp .webp in any case. Links
// count, broken ones too, so that somebody complains about them. In natural order. Throws DataError when the folder
// cannot be read.
std::vector<std::filesystem::path> image_files(const std::filesystem::path& folder);

// The folders in a folder, hidden ones left out, in natural order. Throws DataError likewise.
std::vector<std::filesystem::path> folders_in(const std::filesystem::path& folder);

// The images of a folder and of all folders below it; links to folders above it are not followed. Throws likewise.
std::vector<std::filesystem::path> image_files_below(const std::filesystem::path& folder);

}  // namespace trefoil::data
