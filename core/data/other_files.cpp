#include "data/other_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"

namespace trefoil::data {

void OtherFiles::add(const std::filesystem::path& file) {
  constexpr std::size_t kLongest = 16;
  const std::string ending = ending_of(file);
  ++count_;
  if (ending.empty()) {
    ++count_of_ending_["without an ending"];
  } else if (ending.size() > kLongest || !base::is_utf8(ending) || base::has_control_character(ending)) {
    ++count_of_ending_["with other endings"];
  } else {
    ++count_of_ending_[ending];
  }
}

std::string OtherFiles::endings() const {
  constexpr std::size_t kMost = 8;
  std::vector<std::pair<std::string, std::size_t>> sorted(count_of_ending_.begin(), count_of_ending_.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& left, const auto& right) { return left.second > right.second; });
  std::vector<std::string> texts;
  for (const auto& [ending, count] : sorted) texts.push_back(fmt::format("{} {}", ending, count));
  if (texts.size() > kMost) {
    const std::size_t left_out = texts.size() - kMost;
    texts.resize(kMost);
    texts.push_back("and " + base::counted(left_out, "more ending"));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string ending_of(const std::filesystem::path& file) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return ending;
}

}  // namespace trefoil::data
