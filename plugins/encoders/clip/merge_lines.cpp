#include "merge_lines.h"

#include <algorithm>

#include "packed_text.h"
#include "refuse_file.h"

namespace clip {

std::vector<MergeLine> parse_merges(const std::filesystem::path& path, const std::vector<std::string_view>& lines,
                                    std::size_t first) {
  std::vector<MergeLine> merges;
  merges.reserve(lines.size());
  for (std::size_t i = first; i < lines.size(); ++i) {
    const std::size_t space = std::min(lines[i].find(' '), lines[i].size());
    const std::string_view left = lines[i].substr(0, space);
    const std::string_view right = lines[i].substr(std::min(space + 1, lines[i].size()));
    if (left.empty() || right.empty() || right.find(' ') != std::string_view::npos)
      refuse_file(path, "this line is not a merge (two symbols separated by a space): download the file again", i + 1);
    merges.push_back({left, right, i + 1});
  }
  return merges;
}

std::vector<MergeLine> parse_merges_file(const std::filesystem::path& path, std::string_view text) {
  const std::vector<std::string_view> lines = first_lines(text, text.size());
  return parse_merges(path, lines, !lines.empty() && lines[0].rfind("#version", 0) == 0 ? 1 : 0);
}

}  // namespace clip
