// Atomic files. A file is written under a temporary name in its folder, and gets its own name when it is complete.
// After a crash of the process, the file is absent, old or complete, never cut short.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace trefoil::base {

// The failures that a committed file survives.
enum class Durability {
  process_crash,  // the operating system has the file
  power_loss,     // the file and its name are on the disk (fsync); costs some milliseconds
};

// Writes a temporary file. `commit` renames it to `path`. The destructor removes the temporary file if `commit` was not
// called.
class AtomicFile {
 public:
  // Throws RunError when no file can be created in the folder.
  explicit AtomicFile(std::filesystem::path path, Durability durability = Durability::process_crash);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void write(std::string_view bytes) { stream_.write(bytes.data(), static_cast<std::streamsize>(bytes.size())); }

  // Throws RunError when some bytes could not be written, for example because the disk is full.
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  Durability durability_;
  std::ofstream stream_;
  bool committed_ = false;
};

void write_atomically(const std::filesystem::path& path, std::string_view bytes,
                      Durability durability = Durability::process_crash);

// Removes temporary files in `folder` that are older than one day. Killed processes leave such files. Does not look
// into the folders inside it. Never throws: a file that cannot be removed stays.
void remove_old_temporary_files(const std::filesystem::path& folder);

// Returns the bytes of the whole file. Throws DataError when it cannot be read.
std::string read_text(const std::filesystem::path& path);

}  // namespace trefoil::base
