#include "data/image_files.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/errors.h"
#include "base/text.h"

namespace trefoil::data {

namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }

// The run of digits that `text` starts with, without leading zeros.
std::string_view number_at_start(std::string_view text) {
  const std::size_t length =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  const std::string_view run = text.substr(0, length);
  return run.substr(std::min(run.find_first_not_of('0'), run.size()));
}

std::string_view behind_number(std::string_view text) {
  return text.substr(static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin()));
}

bool is_called_image(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 5> kEndings = {".jpg", ".jpeg", ".png", ".bmp", ".webp"};
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

// A submission has one image a line.
void require_plain_name(const std::filesystem::path& path) {
  if (base::has_control_character(path.filename().string())) {
    throw DataError(path.string() + ": its name holds a line break or another control character; rename it");
  }
}

template <typename Keep>
std::vector<std::filesystem::path> entries(const std::filesystem::path& folder, Keep keep) {
  std::error_code failure;
  std::vector<std::filesystem::path> found;
  for (auto entry = std::filesystem::directory_iterator(folder, failure);
       !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    if (keep(*entry)) found.push_back(entry->path());
  }
  if (failure) throw DataError(folder.string() + ": the folder cannot be read: " + failure.message());
  std::sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
    return natural_less(left.filename().string(), right.filename().string());
  });
  return found;
}

// `above` are the real paths of the folders on the way here: a link back to one of them would never end.
void add_images_below(const std::filesystem::path& folder, std::vector<std::filesystem::path> above,
                      std::vector<std::filesystem::path>& files) {
  std::error_code unreadable;
  const std::filesystem::path real = std::filesystem::canonical(folder, unreadable);
  if (std::find(above.begin(), above.end(), real) != above.end()) return;
  above.push_back(real);
  const std::vector<std::filesystem::path> here = image_files(folder);
  files.insert(files.end(), here.begin(), here.end());
  for (const std::filesystem::path& inner : folders_in(folder)) add_images_below(inner, above, files);
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
      left = behind_number(left);
      right = behind_number(right);
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

std::vector<std::filesystem::path> image_files(const std::filesystem::path& folder) {
  return entries(folder, [](const std::filesystem::directory_entry& entry) {
    std::error_code unreadable;
    if (!is_called_image(entry.path()) || entry.is_directory(unreadable)) return false;
    require_plain_name(entry.path());
    return true;
  });
}

std::vector<std::filesystem::path> folders_in(const std::filesystem::path& folder) {
  return entries(folder, [](const std::filesystem::directory_entry& entry) {
    std::error_code unreadable;
    if (!entry.is_directory(unreadable) || entry.path().filename().string().front() == '.') return false;
    require_plain_name(entry.path());
    return true;
  });
}

std::vector<std::filesystem::path> image_files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  add_images_below(folder, {}, files);
  return files;
}

}  // namespace trefoil::data
