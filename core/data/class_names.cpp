#include "data/class_names.h"

#include "base/errors.h"
#include "base/text.h"
#include "data/text_lines.h"

namespace trefoil::data {

std::vector<std::string> read_class_names(const std::filesystem::path& path, std::int64_t class_count) {
  std::vector<std::string> names;
  for (const TextLine& line : read_lines(path)) {
    if (line.text.empty()) {
      throw DataError(path.string() + ":" + std::to_string(line.number) + ": the line is empty; expected a class name");
    }
    names.push_back(line.text);
  }
  if (static_cast<std::int64_t>(names.size()) != class_count) {
    throw DataError(path.string() + ": it names " + base::counted(names.size(), "class") + ", but there are " +
                    base::counted(class_count, "class"));
  }
  return names;
}

std::vector<std::string> numbered_class_names(std::int64_t class_count) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < class_count; ++i) names.push_back("class " + std::to_string(i));
  return names;
}

}  // namespace trefoil::data
