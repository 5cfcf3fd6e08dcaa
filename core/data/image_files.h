// Finds image files in folders.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace trefoil::data {

// Whether `left` comes before `right` in natural order, in which digits are compared as numbers: "image_9.jpg" comes
// before "image_10.jpg". Names that differ only in leading zeros are ordered by their bytes.
bool natural_less(std::string_view left, std::string_view right);

// Returns the files of a folder whose names end in .jpg, .jpeg, .png, .bmp or .webp, in upper or lower case, in natural
// order. Folders inside it are not searched. Broken links are included, so that reading them gives an error. Throws
// DataError when the folder cannot be read, or when a name has a control character.
std::vector<std::filesystem::path> image_files(const std::filesystem::path& folder);

// Returns the folders in a folder, without hidden ones, in natural order. Throws DataError as image_files does.
std::vector<std::filesystem::path> folders_in(const std::filesystem::path& folder);

// Returns the images of a folder and of all folders inside it. A link to a folder that contains it is not followed.
// Throws DataError as image_files does.
std::vector<std::filesystem::path> image_files_below(const std::filesystem::path& folder);

}  // namespace trefoil::data
