// Files in memory, for readers that take a path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

// A file without a name, for readers that look only at the content.
class File {
 public:
  File(const std::uint8_t* bytes, std::size_t count);
  explicit File(std::string_view bytes);
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  const std::filesystem::path& path() const { return path_; }

 private:
  int descriptor_;
  std::filesystem::path path_;  // /proc/self/fd/N
};

// A folder, for readers that look at names or read several files. It is kept for all inputs of a target, because making
// a folder takes longer than reading a small file, and is removed when the program ends.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();

  const std::filesystem::path& path() const { return path_; }

  // Writes or replaces a file. The folders in its name are created. Returns its path.
  std::filesystem::path write(const std::filesystem::path& name, std::string_view bytes) const;

 private:
  std::filesystem::path path_;
};

// Splits an input into the contents of several files. A line "---" separates them, so that inputs stay readable.
// Missing ones are empty, and the last one has the rest.
std::vector<std::string_view> parts(const std::uint8_t* bytes, std::size_t count, std::size_t files);

// Returns the bytes of a .safetensors file. The first two bytes of the input are the length of its header, so that the
// fuzzer need not guess it; the header and the data follow.
std::string safetensors_file(const std::uint8_t* bytes, std::size_t count);

}  // namespace fuzz
