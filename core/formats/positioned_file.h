// A file that is open for reading at any position.
#pragma once

#include <cstdint>
#include <filesystem>

namespace trefoil::formats {

class PositionedFile {
 public:
  // Throws DataError when the file cannot be opened.
  explicit PositionedFile(const std::filesystem::path& path);
  PositionedFile(const PositionedFile&) = delete;
  PositionedFile& operator=(const PositionedFile&) = delete;
  ~PositionedFile();

  // Reads `size` bytes from `offset` on. It uses no file position, so several threads may read at once. Returns false
  // at an error or at the end of the file.
  bool read(std::uint64_t offset, char* target, std::uint64_t size) const;

 private:
  int descriptor_;
};

}  // namespace trefoil::formats
