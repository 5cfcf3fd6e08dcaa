#include "data/other_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"

namespace trefoil::data {

void OtherFiles::add(const std::filesystem::path& file) {
  constexpr std::size_t kLongest = 16;
  const std::string extension = extension_of(file);
  ++count_;
  if (extension.empty()) {
    ++count_of_extension_["without an extension"];
  } else if (extension.size() > kLongest || !base::is_utf8(extension) || base::has_control_character(extension)) {
    ++count_of_extension_["with other extensions"];
  } else {
    ++count_of_extension_[extension];
  }
}

std::string OtherFiles::extensions() const {
  constexpr std::size_t kMost = 8;
  std::vector<std::pair<std::string, std::size_t>> sorted(count_of_extension_.begin(), count_of_extension_.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& left, const auto& right) { return left.second > right.second; });
  std::vector<std::string> texts;
  texts.reserve(sorted.size());
  for (const auto& [extension, count] : sorted) texts.push_back(fmt::format("{} {}", extension, count));
  if (texts.size() > kMost) {
    const std::size_t left_out = texts.size() - kMost;
    texts.resize(kMost);
    texts.push_back("and " + base::counted(left_out, "more extension"));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string extension_of(const std::filesystem::path& file) {
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return extension;
}

}  // namespace trefoil::data
