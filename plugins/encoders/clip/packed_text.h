// Text files that may be compressed with gzip.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace clip {

// Returns the text of the file, decompressed if it is a gzip file. A file named .gz must be one. Throws
// std::runtime_error if the file is missing or damaged, or if its text is larger than 64 MiB.
std::string read_packed_text(const std::filesystem::path& path);

// Returns at most `maximum` lines from the start, without line ends, and without empty lines at the end of the list.
// The lines point into `text`.
std::vector<std::string_view> first_lines(std::string_view text, std::size_t maximum);

}  // namespace clip
