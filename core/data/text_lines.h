// Text files of one thing a line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace trefoil::data {

struct TextLine {
  std::string text;        // without the line end, "\r" included
  std::size_t number = 0;  // from 1
};

// All lines of a UTF-8 file, without the empty ones at its end. Throws DataError when it cannot be read, or naming the
// line that is not UTF-8.
std::vector<TextLine> read_lines(const std::filesystem::path& path);

struct LabelledName {
  std::string name;
  std::int64_t label = 0;
};

// Lines of a name and a number, with a space, tab or comma between them: class lists, train lists, label lists. The
// name may hold spaces itself. Throws DataError naming the line that is not of this form, and for a file without lines.
std::vector<LabelledName> read_labelled_names(const std::filesystem::path& path);

}  // namespace trefoil::data
