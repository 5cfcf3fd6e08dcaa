#include "data/class_names.h"

#include <sstream>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/text.h"

namespace trefoil::data {

std::vector<std::string> read_class_names(const std::filesystem::path& path, std::int64_t class_count) {
  std::istringstream lines(base::read_text(path));
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    names.push_back(line);
  }
  while (!names.empty() && names.back().empty()) names.pop_back();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!base::is_utf8(names[i]))
      throw DataError(path.string() + ":" + std::to_string(i + 1) + ": it is not UTF-8 text");
    if (names[i].empty())
      throw DataError(path.string() + ":" + std::to_string(i + 1) + ": an empty line is no class name");
  }
  if (static_cast<std::int64_t>(names.size()) != class_count) {
    throw DataError(path.string() + ": it names " + std::to_string(names.size()) + " classes, but there are " +
                    std::to_string(class_count));
  }
  return names;
}

std::vector<std::string> numbered_class_names(std::int64_t class_count) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < class_count; ++i) names.push_back("class " + std::to_string(i));
  return names;
}

}  // namespace trefoil::data
