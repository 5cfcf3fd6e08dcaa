// Text files that may be packed with gzip.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace clip {

// The whole file, unpacked when it is gzip; one that is called .gz must be. Throws std::runtime_error when it is
// missing or damaged, and when it unpacks to more than 64 MiB.
std::string read_packed_text(const std::filesystem::path& path);

// The first lines, `maximum` at most, without their ends, and without empty ones at the end. They point into `text`.
std::vector<std::string_view> first_lines(std::string_view text, std::size_t maximum);

}  // namespace clip
