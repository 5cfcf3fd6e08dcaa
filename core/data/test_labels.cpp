#include "data/test_labels.h"

#include <map>
#include <string>

#include "base/errors.h"
#include "data/text_lines.h"

namespace trefoil::data {

void set_test_labels(std::vector<ImageEntry>& images, const std::filesystem::path& path, std::size_t class_count) {
  std::map<std::string, std::int64_t> label_of;
  for (const LabelledName& line : read_labelled_names(path)) {
    if (line.label < 0 || line.label >= static_cast<std::int64_t>(class_count)) {
      throw DataError(path.string() + ": '" + line.name + "' has the class " + std::to_string(line.label) +
                      ", but the classes are 0 to " + std::to_string(class_count - 1));
    }
    const auto [entry, is_new] = label_of.emplace(line.name, line.label);
    if (!is_new && entry->second != line.label) {
      throw DataError(path.string() + ": '" + line.name + "' has two lines with different classes");
    }
  }
  for (ImageEntry& image : images) {
    const auto label = label_of.find(image.name);
    if (label == label_of.end()) throw DataError(path.string() + ": there is no line for '" + image.name + "'");
    image.label = label->second;
  }
}

}  // namespace trefoil::data
