// The lines of a byte-pair vocabulary's merge list.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace clip {

// Points into the text that it was read from.
struct MergeLine {
  std::string_view left;
  std::string_view right;
  std::size_t number;  // of the line
};

// Throws std::runtime_error: the path, the number of the line unless it is 0, and the problem.
[[noreturn]] void vocabulary_error(const std::filesystem::path& path, const std::string& problem, std::size_t line = 0);

// The merges of the lines from `first` on. `path` is for messages.
std::vector<MergeLine> parse_merges(const std::filesystem::path& path, const std::vector<std::string_view>& lines,
                                    std::size_t first);

// All of merges.txt, whose first line may be a version.
std::vector<MergeLine> parse_merges_file(const std::filesystem::path& path, std::string_view text);

}  // namespace clip
