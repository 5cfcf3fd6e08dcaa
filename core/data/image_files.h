// Finds image files in folders.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "data/other_files.h"

namespace trefoil::data {

// Hidden files and folders are never looked at: names that begin with a dot (".DS_Store", "._7.jpg"), and the folders
// and files that macOS, Windows and Synology leave behind ("__MACOSX", "Thumbs.db", "@eaDir").

// Returns the folders in a folder, in natural order. Throws DataError when the folder cannot be read, or when a name
// has a control character.
std::vector<std::filesystem::path> folders_in(const std::filesystem::path& folder);

// Finds the image files of one part of a data set, and counts the files of other kinds. The extension of a name decides
// what is an image: .jpg .jpeg .jpe .jfif .png .bmp .webp .gif .tif .tiff .ppm .pgm .pbm .pnm .jp2, in upper or lower
// case. Broken links are included, so that reading them gives an error. Both functions return files in natural order,
// and throw DataError as folders_in does.
class ImageFinder {
 public:
  // `class_folders` are the folders of all classes of the part. A class must not get the images of another class.
  explicit ImageFinder(std::vector<std::filesystem::path> class_folders = {});

  // Returns the images of a folder, without those in folders inside it.
  std::vector<std::filesystem::path> in(const std::filesystem::path& folder);

  // Returns the images of a folder and of all folders inside it. Links to folders are followed, except links that lead
  // - upwards: to a folder on the way down to the link, or to a folder that contains one of them. This notices loops.
  // - sideways: to the folder of another class, into it, or to a folder that contains it.
  std::vector<std::filesystem::path> below(const std::filesystem::path& folder);

  // Returns "3 files ignored: .txt 2, .svg 1", or "" when there were only images and hidden files.
  std::string ignored() const;

  // Throws DataError "FOLDER: there are no images in it, but 3 files of other kinds: .svg 2, .txt 1".
  [[noreturn]] void refuse_as_empty(const std::filesystem::path& folder) const;

 private:
  struct Descent;
  void add_below(const std::filesystem::path& folder, Descent& descent);
  bool is_skipped(const std::filesystem::path& link, const Descent& descent);
  bool leads_to_another_class(const std::filesystem::path& real, const std::filesystem::path& own);

  std::vector<std::filesystem::path> class_folders_;
  std::optional<std::set<std::filesystem::path>> real_class_folders_;  // computed when there is a link to a folder
  OtherFiles others_;
};

}  // namespace trefoil::data
