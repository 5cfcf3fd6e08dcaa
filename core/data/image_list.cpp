#include "data/image_list.h"

#include "base/data_errors.h"
#include "data/text_lines.h"

namespace trefoil::data {

std::vector<ImageEntry> read_image_list(const std::filesystem::path& path, const std::filesystem::path& root,
                                        std::size_t class_count) {
  std::vector<ImageEntry> images;
  for (const LabelledName& line : read_labelled_names(path, Encoding::any)) {
    if (line.label < 0 || line.label >= static_cast<std::int64_t>(class_count)) {
      base::refuse(path, "'" + line.name + "' has the class " + std::to_string(line.label) +
                             ", but the classes are 0 to " + std::to_string(class_count - 1));
    }
    images.push_back({root / line.name, line.name, line.label});
  }
  return images;
}

}  // namespace trefoil::data
