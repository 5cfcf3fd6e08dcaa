// Counts files that are no images, by the extensions of their names.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

namespace trefoil::data {

class OtherFiles {
 public:
  void add(const std::filesystem::path& file);
  std::size_t count() const { return count_; }

  // Returns the extensions with their numbers, the most frequent ones first: ".txt 2, .svg 1".
  std::string extensions() const;

 private:
  std::size_t count_ = 0;
  std::map<std::string, std::size_t> count_of_extension_;
};

// Returns the extension of a file's name in lower case, with its dot: ".jpg"; "" when there is none.
std::string extension_of(const std::filesystem::path& file);

}  // namespace trefoil::data
