#include "data/natural_order.h"

#include <algorithm>
#include <utility>

namespace trefoil::data {

namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }

// Returns the digits at the start of `text`, without leading zeros.
std::string_view number_at_start(std::string_view text) {
  const std::size_t length =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  const std::string_view run = text.substr(0, length);
  return run.substr(std::min(run.find_first_not_of('0'), run.size()));
}

std::string_view after_number(std::string_view text) {
  return text.substr(static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin()));
}

}  // namespace

bool natural_less(std::string_view left, std::string_view right) {
  const std::string_view whole_left = left;
  const std::string_view whole_right = right;
  while (!left.empty() && !right.empty()) {
    if (is_digit(left.front()) && is_digit(right.front())) {
      const std::string_view left_number = number_at_start(left);
      const std::string_view right_number = number_at_start(right);
      if (left_number.size() != right_number.size()) return left_number.size() < right_number.size();
      if (left_number != right_number) return left_number < right_number;
      left = after_number(left);
      right = after_number(right);
    } else {
      if (left.front() != right.front()) {
        return static_cast<unsigned char>(left.front()) < static_cast<unsigned char>(right.front());
      }
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
  }
  if (left.empty() != right.empty()) return left.empty();
  return whole_left < whole_right;
}

std::vector<std::filesystem::path> in_natural_order(const std::vector<std::filesystem::path>& paths) {
  std::vector<std::pair<std::string, const std::filesystem::path*>> names;
  names.reserve(paths.size());
  for (const std::filesystem::path& path : paths) names.emplace_back(path.filename().string(), &path);
  std::sort(names.begin(), names.end(),
            [](const auto& left, const auto& right) { return natural_less(left.first, right.first); });
  std::vector<std::filesystem::path> sorted;
  sorted.reserve(paths.size());
  for (const auto& [name, path] : names) sorted.push_back(*path);
  return sorted;
}

}  // namespace trefoil::data
