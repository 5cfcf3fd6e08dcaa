// Class names: a text file with one name per line, in the order of the labels.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace trefoil::data {

// Throws DataError when the file cannot be read, is not UTF-8, has an empty line in the middle, or does not have
// `class_count` names.
std::vector<std::string> read_class_names(const std::filesystem::path& path, std::int64_t class_count);

// Returns the readable names of the classes. Equal names are told apart by the names in the class list: ImageNet's two
// cranes are "crane (n02012849)" and "crane (n03126707)".
std::vector<std::string> distinct_class_names(const std::vector<ClassEntry>& classes);

// Returns "class 0", "class 1", …, for data without names.
std::vector<std::string> numbered_class_names(std::int64_t class_count);

}  // namespace trefoil::data
