// Reads text files with one entry per line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace trefoil::data {

struct TextLine {
  std::string text;        // without the line break "\n" or "\r\n"
  std::size_t number = 0;  // from 1
};

enum class Encoding {
  utf8,
  any,  // for names of files, which may be any bytes
};

// Returns all lines of a file, without empty lines at its end. Throws DataError when the file cannot be read, or with
// the number of a line that is not UTF-8 although it must be, or that has control characters besides tabs.
std::vector<TextLine> read_lines(const std::filesystem::path& path, Encoding encoding = Encoding::utf8);

// Throws DataError "PATH:LINE: PROBLEM".
[[noreturn]] void refuse_line(const std::filesystem::path& path, std::size_t line, const std::string& problem);

struct LabelledName {
  std::string name;
  std::int64_t label = 0;
  std::size_t line = 0;  // its number, from 1
};

// Reads lines with a name and a number, separated by a space, a tab or a comma. Class lists, training lists and label
// lists have this form. The name may have spaces. Throws DataError with the number of a line of another form, and for
// an empty file.
std::vector<LabelledName> read_labelled_names(const std::filesystem::path& path, Encoding encoding = Encoding::utf8);

}  // namespace trefoil::data
