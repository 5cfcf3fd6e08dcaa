#include "data/image_files.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/errors.h"
#include "base/text.h"

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

bool has_image_ending(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 5> kEndings = {".jpg", ".jpeg", ".png", ".bmp", ".webp"};
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

// Control characters are refused, because a submission has one image per line.
void require_plain_names(const std::vector<std::filesystem::path>& paths) {
  for (const std::filesystem::path& path : paths) {
    if (base::has_control_character(path.filename().string())) {
      throw DataError(path.string() + ": its name has a line break or another control character; rename it");
    }
  }
}

// The content of a folder, in natural order.
struct FolderContent {
  std::vector<std::filesystem::path> images;
  std::vector<std::filesystem::path> folders;
};

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

// Reads the folder once. A data set may have 100,000 class folders.
FolderContent content_of(const std::filesystem::path& folder) {
  std::error_code failure;
  FolderContent content;
  for (auto entry = std::filesystem::directory_iterator(folder, failure);
       !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    std::error_code unreadable;
    if (entry->is_directory(unreadable)) {
      if (entry->path().filename().string().front() != '.') content.folders.push_back(entry->path());
    } else if (has_image_ending(entry->path())) {
      content.images.push_back(entry->path());
    }
  }
  if (failure) throw DataError(folder.string() + ": the folder cannot be read: " + failure.message());
  content.images = in_natural_order(content.images);
  content.folders = in_natural_order(content.folders);
  return content;
}

// `above` are the real paths of the folders that contain this one. A link back to one of them would never end. A folder
// without folders cannot be such a link.
void add_images_below(const std::filesystem::path& folder, std::vector<std::filesystem::path> above,
                      std::vector<std::filesystem::path>& files) {
  const FolderContent content = content_of(folder);
  require_plain_names(content.images);
  require_plain_names(content.folders);
  if (!content.folders.empty()) {
    std::error_code unreadable;
    const std::filesystem::path real = std::filesystem::canonical(folder, unreadable);
    if (std::find(above.begin(), above.end(), real) != above.end()) return;
    above.push_back(real);
  }
  files.insert(files.end(), content.images.begin(), content.images.end());
  for (const std::filesystem::path& inner : content.folders) add_images_below(inner, above, files);
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

std::vector<std::filesystem::path> image_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> images = content_of(folder).images;
  require_plain_names(images);
  return images;
}

std::vector<std::filesystem::path> folders_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> folders = content_of(folder).folders;
  require_plain_names(folders);
  return folders;
}

std::vector<std::filesystem::path> image_files_below(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  add_images_below(folder, {}, files);
  return files;
}

}  // namespace trefoil::data
