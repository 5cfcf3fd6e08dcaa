// Files that are whole or absent: written under a temporary name beside the target, and renamed when complete.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace trefoil::base {

// A stream into a temporary file. `commit` renames it to its path; destroyed without that, it leaves nothing behind.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);  // throws RunError when the folder cannot be written
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void write(std::string_view bytes) { stream_.write(bytes.data(), static_cast<std::streamsize>(bytes.size())); }

  // Throws RunError when anything could not be written, for instance because the disk is full.
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::ofstream stream_;
  bool committed_ = false;
};

void write_atomically(const std::filesystem::path& path, std::string_view bytes);

// Removes the temporary files in `folder` that killed processes left more than a day ago. Not those below it. Never
// throws: what cannot be removed stays.
void remove_old_temporary_files(const std::filesystem::path& folder);

// The whole file as bytes. Throws DataError when it cannot be read.
std::string read_text(const std::filesystem::path& path);

}  // namespace trefoil::base
