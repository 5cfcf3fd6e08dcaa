#include "data/image_list.h"

namespace trefoil::data {

std::vector<LabelledName> read_image_labels(const std::filesystem::path& path, std::size_t class_count) {
  std::vector<LabelledName> lines = read_labelled_names(path, Encoding::any);
  for (const LabelledName& line : lines) {
    if (line.label < 0 || line.label >= static_cast<std::int64_t>(class_count)) {
      refuse_line(path, line.line,
                  "'" + line.name + "' has the class " + std::to_string(line.label) + ", but the classes are 0 to " +
                      std::to_string(class_count - 1));
    }
  }
  return lines;
}

std::vector<ImageEntry> read_image_list(const std::filesystem::path& path, const std::filesystem::path& root,
                                        std::size_t class_count) {
  std::vector<ImageEntry> images;
  for (const LabelledName& line : read_image_labels(path, class_count)) {
    images.push_back({root / line.name, line.name, line.label});
  }
  return images;
}

}  // namespace trefoil::data
