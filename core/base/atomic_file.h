// Atomic files: written under a temporary name in the target's folder, and renamed when complete. After a crash of the
// process, the target is absent, old, or complete.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace trefoil::base {

// Which failures a committed file survives.
enum class Durability {
  process_crash,  // the file is with the operating system
  power_loss,     // the file and its name are on the disk (fsync); costs some milliseconds
};

// A stream into a temporary file. `commit` renames it to its path. The destructor removes a file that was not
// committed.
class AtomicFile {
 public:
  // Throws RunError when the folder cannot be written.
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

// Removes temporary files in `folder` that are older than a day, which killed processes have left. Does not look into
// folders below it. Never throws: a file that cannot be removed stays.
void remove_old_temporary_files(const std::filesystem::path& folder);

// The whole file as bytes. Throws DataError when it cannot be read.
std::string read_text(const std::filesystem::path& path);

}  // namespace trefoil::base
