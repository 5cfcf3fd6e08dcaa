// Class names: a text file with one name per line, in the order of the labels.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace trefoil::data {

// Throws DataError when the file cannot be read, is not UTF-8, has an empty line in the middle, or does not have
// `class_count` names.
std::vector<std::string> read_class_names(const std::filesystem::path& path, std::int64_t class_count);

// Returns "class 0", "class 1", …, for data without names.
std::vector<std::string> numbered_class_names(std::int64_t class_count);

}  // namespace trefoil::data
