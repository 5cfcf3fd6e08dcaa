#include "data/test_labels.h"

#include <map>
#include <string>

#include "base/errors.h"
#include "data/image_list.h"

namespace trefoil::data {

void set_test_labels(std::vector<ImageEntry>& images, const std::filesystem::path& path, std::size_t class_count) {
  std::map<std::string, std::int64_t> label_of;
  for (const LabelledName& line : read_image_labels(path, class_count)) {
    const auto [entry, is_new] = label_of.emplace(line.name, line.label);
    if (!is_new && entry->second != line.label) {
      refuse_line(path, line.line, "'" + line.name + "' has two lines with different classes");
    }
  }
  for (ImageEntry& image : images) {
    const auto label = label_of.find(image.name);
    if (label == label_of.end()) throw DataError(path.string() + ": there is no line for '" + image.name + "'");
    image.label = label->second;
  }
}

}  // namespace trefoil::data
