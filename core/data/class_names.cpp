#include "data/class_names.h"

#include <map>

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

std::vector<std::string> distinct_class_names(const std::vector<ClassEntry>& classes) {
  std::map<std::string, std::size_t> counts;
  for (const ClassEntry& entry : classes) ++counts[entry.name];
  std::vector<std::string> names;
  for (const ClassEntry& entry : classes) {
    const bool tells_apart = counts[entry.name] > 1 && entry.full_name != entry.name;
    names.push_back(tells_apart ? entry.name + " (" + entry.full_name + ")" : entry.name);
  }
  return names;
}

std::vector<std::string> numbered_class_names(std::int64_t class_count) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < class_count; ++i) names.push_back("class " + std::to_string(i));
  return names;
}

}  // namespace trefoil::data
