#include "data/image_files.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/errors.h"
#include "base/text.h"
#include "data/natural_order.h"

namespace trefoil::data {

namespace {

template <std::size_t count>
bool is_among(const std::array<std::string_view, count>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_image_extension(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 15> kExtensions = {".jpg", ".jpeg", ".jpe", ".jfif", ".png",
                                                                   ".bmp", ".webp", ".gif", ".tif",  ".tiff",
                                                                   ".ppm", ".pgm",  ".pbm", ".pnm",  ".jp2"};
  return is_among(kExtensions, extension_of(path));
}

bool is_hidden(const std::string& name) {
  static constexpr std::array<std::string_view, 3> kLeftBehind = {"__MACOSX", "@eaDir", "Thumbs.db"};
  return name.front() == '.' || is_among(kLeftBehind, name);
}

// Control characters are refused, because a submission has one image per line.
void require_plain_names(const std::vector<std::filesystem::path>& paths) {
  for (const std::filesystem::path& path : paths) {
    if (base::has_control_character(path.filename().string())) {
      throw DataError(path.string() + ": its name has a line break or another control character; rename it");
    }
  }
}

// The content of a folder without hidden names. Images and folders are in natural order.
struct FolderContent {
  std::vector<std::filesystem::path> images;
  std::vector<std::filesystem::path> folders;
  std::vector<std::filesystem::path> others;
};

// Reads the folder once. A data set may have 100,000 class folders.
FolderContent content_of(const std::filesystem::path& folder) {
  std::error_code failure;
  FolderContent content;
  for (auto entry = std::filesystem::directory_iterator(folder, failure);
       !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    if (is_hidden(entry->path().filename().string())) continue;
    std::error_code unreadable;
    if (entry->is_directory(unreadable)) {
      content.folders.push_back(entry->path());
    } else {
      (has_image_extension(entry->path()) ? content.images : content.others).push_back(entry->path());
    }
  }
  if (failure) throw DataError(folder.string() + ": the folder cannot be read: " + failure.message());
  content.images = in_natural_order(content.images);
  content.folders = in_natural_order(content.folders);
  return content;
}

// Returns the path without links. A path that cannot be resolved is returned unchanged.
std::filesystem::path real_path(const std::filesystem::path& path) {
  std::error_code failure;
  std::filesystem::path real = std::filesystem::canonical(path, failure);
  return failure ? path : real;
}

// Whether `inner` is `outer`, or lies in it. Both are real paths.
bool is_within(const std::filesystem::path& inner, const std::filesystem::path& outer) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

}  // namespace

// A search from a folder down into the folders inside it.
struct ImageFinder::Descent {
  std::filesystem::path start;               // real path of the folder where the search starts
  std::vector<std::filesystem::path> above;  // real paths of the folders on the way down
  std::vector<std::filesystem::path> files;  // the images that were found
};

ImageFinder::ImageFinder(std::vector<std::filesystem::path> class_folders) : class_folders_(std::move(class_folders)) {}

std::vector<std::filesystem::path> ImageFinder::in(const std::filesystem::path& folder) {
  const FolderContent content = content_of(folder);
  require_plain_names(content.images);
  for (const std::filesystem::path& file : content.others) others_.add(file);
  return content.images;
}

std::vector<std::filesystem::path> ImageFinder::below(const std::filesystem::path& folder) {
  Descent descent{real_path(folder), {}, {}};
  // The folder of a class may be a link, but not a link to a folder that contains it.
  if (!class_folders_.empty()) descent.above.push_back(real_path(folder.parent_path()));
  add_below(folder, descent);
  return std::move(descent.files);
}

void ImageFinder::add_below(const std::filesystem::path& folder, Descent& descent) {
  std::error_code unreadable;
  if (std::filesystem::is_symlink(folder, unreadable) && is_skipped(folder, descent)) return;
  const FolderContent content = content_of(folder);
  require_plain_names(content.images);
  require_plain_names(content.folders);
  for (const std::filesystem::path& file : content.others) others_.add(file);
  descent.files.insert(descent.files.end(), content.images.begin(), content.images.end());
  if (content.folders.empty()) return;
  descent.above.push_back(real_path(folder));
  for (const std::filesystem::path& inner : content.folders) add_below(inner, descent);
  descent.above.pop_back();
}

bool ImageFinder::is_skipped(const std::filesystem::path& link, const Descent& descent) {
  const std::filesystem::path real = real_path(link);
  const auto is_in_target = [&](const std::filesystem::path& folder) { return is_within(folder, real); };
  return std::any_of(descent.above.begin(), descent.above.end(), is_in_target) ||
         leads_to_another_class(real, descent.start);
}

bool ImageFinder::leads_to_another_class(const std::filesystem::path& real, const std::filesystem::path& own) {
  if (!real_class_folders_) {
    real_class_folders_.emplace();
    for (const std::filesystem::path& folder : class_folders_) real_class_folders_->insert(real_path(folder));
  }
  const auto is_of_another = [&](const std::filesystem::path& folder) {
    return folder != own && real_class_folders_->count(folder) > 0;
  };
  for (std::filesystem::path outer = real; outer.has_relative_path(); outer = outer.parent_path()) {
    if (is_of_another(outer)) return true;
  }
  const auto next = real_class_folders_->lower_bound(real);  // folders inside `real` come directly after it
  return next != real_class_folders_->end() && *next != own && is_within(*next, real);
}

std::string ImageFinder::ignored() const {
  return others_.count() == 0 ? "" : base::counted(others_.count(), "file") + " ignored: " + others_.extensions();
}

void ImageFinder::refuse_as_empty(const std::filesystem::path& folder) const {
  const std::string others = others_.count() == 0 ? ""
                                                  : ", but " + base::counted(others_.count(), "file") +
                                                        " of other kinds: " + others_.extensions();
  throw DataError(folder.string() + ": there are no images in it" + others);
}

std::vector<std::filesystem::path> folders_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> folders = content_of(folder).folders;
  require_plain_names(folders);
  return folders;
}

}  // namespace trefoil::data
