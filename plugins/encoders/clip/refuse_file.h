// The error for a file that cannot be used.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace clip {

// Throws std::runtime_error with the message "PATH: PROBLEM", or "PATH:LINE: PROBLEM" if a line is given. Lines count
// from 1.
[[noreturn]] void refuse_file(const std::filesystem::path& path, const std::string& problem, std::size_t line = 0);

}  // namespace clip
