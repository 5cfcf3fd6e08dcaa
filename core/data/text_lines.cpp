#include "data/text_lines.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/text.h"

namespace trefoil::data {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // some editors write it at the start of a file

// Whether the line has a control character other than a tab, which separates columns.
bool has_other_control_character(std::string line) {
  std::replace(line.begin(), line.end(), '\t', ' ');
  return base::has_control_character(line);
}

LabelledName labelled_name(const std::filesystem::path& path, TextLine line) {
  line.text.erase(line.text.find_last_not_of(" \t") + 1);
  const std::size_t separator = line.text.find_last_of(" \t,");
  LabelledName result;
  result.line = line.number;
  if (separator != std::string::npos) {
    const char* const begin = line.text.data() + separator + 1;
    const char* const end = line.text.data() + line.text.size();
    const auto [stop, error] = std::from_chars(begin, end, result.label);
    const std::size_t last = line.text.find_last_not_of(" \t,", separator);
    if (error == std::errc() && stop == end && begin != end && last != std::string::npos) {
      result.name = line.text.substr(0, last + 1);
      return result;
    }
  }
  refuse_line(path, line.number,
              "expected a name and a number, as in 'TrainSet/Animal/Bear/7.jpg 0'; got '" + line.text + "'");
}

}  // namespace

void refuse_line(const std::filesystem::path& path, std::size_t line, const std::string& problem) {
  throw DataError(path.string() + ":" + std::to_string(line) + ": " + problem);
}

std::vector<TextLine> read_lines(const std::filesystem::path& path, Encoding encoding) {
  std::istringstream stream(base::read_text(path));
  std::vector<TextLine> lines;
  for (std::string text; std::getline(stream, text);) {
    if (!text.empty() && text.back() == '\r') text.pop_back();
    if (lines.empty() && base::starts_with(text, kByteOrderMark)) text.erase(0, kByteOrderMark.size());
    lines.push_back({text, lines.size() + 1});
    if (encoding == Encoding::utf8 && !base::is_utf8(text)) refuse_line(path, lines.size(), "it is not UTF-8 text");
    if (has_other_control_character(text)) {
      refuse_line(path, lines.size(), "it has a control character, which a terminal would obey; remove it");
    }
  }
  while (!lines.empty() && lines.back().text.empty()) lines.pop_back();
  return lines;
}

std::vector<LabelledName> read_labelled_names(const std::filesystem::path& path, Encoding encoding) {
  std::vector<LabelledName> names;
  for (const TextLine& line : read_lines(path, encoding)) {
    if (line.text.find_first_not_of(" \t") != std::string::npos) names.push_back(labelled_name(path, line));
  }
  if (names.empty()) throw DataError(path.string() + ": the file is empty");
  return names;
}

}  // namespace trefoil::data
