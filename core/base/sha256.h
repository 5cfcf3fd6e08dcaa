// SHA-256, the name of everything whose content matters: data files, plugins, resolved experiments.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace trefoil::base {

// 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

// The same of a file's content, read in pieces. Throws DataError when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace trefoil::base
