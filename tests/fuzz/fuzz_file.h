// A file in memory for readers that take a path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace fuzz {

class File {
 public:
  File(const std::uint8_t* bytes, std::size_t count);
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  const std::filesystem::path& path() const { return path_; }

 private:
  int descriptor_;
  std::filesystem::path path_;  // /proc/self/fd/N
};

}  // namespace fuzz
