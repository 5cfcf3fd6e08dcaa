// Natural order of names, in which digits are compared as numbers.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace trefoil::data {

// Whether `left` comes before `right`: "image_9.jpg" comes before "image_10.jpg". Names that differ only in leading
// zeros are ordered by their bytes.
bool natural_less(std::string_view left, std::string_view right);

// Returns the paths in the order of their file names.
std::vector<std::filesystem::path> in_natural_order(const std::vector<std::filesystem::path>& paths);

}  // namespace trefoil::data
