// The lines of a byte-pair vocabulary's merge list.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace clip {

// One merge. Both parts point into the text that the line was read from.
struct MergeLine {
  std::string_view left;
  std::string_view right;
  std::size_t number;  // line number, counted from 1
};

// Returns the merges in the lines from index `first` on. `path` is used in messages.
std::vector<MergeLine> parse_merges(const std::filesystem::path& path, const std::vector<std::string_view>& lines,
                                    std::size_t first);

// Returns all merges of a merges.txt. Its first line may state a version.
std::vector<MergeLine> parse_merges_file(const std::filesystem::path& path, std::string_view text);

}  // namespace clip
