#include "support/image_lists.h"

namespace tests {

std::vector<std::string> lines_of(const std::vector<trefoil::data::ImageEntry>& images) {
  std::vector<std::string> lines;
  lines.reserve(images.size());
  for (const auto& image : images) lines.push_back(image.name + " " + std::to_string(image.label));
  return lines;
}

}  // namespace tests
