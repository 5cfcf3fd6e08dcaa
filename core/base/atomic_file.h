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
// called. A link stays a link, and the file that it leads to is replaced. A pipe or a device, for example /dev/stdout,
// is written to at once, because it cannot be replaced.
class AtomicFile {
 public:
  // Throws RunError when the path is a folder, or when no file can be created there. Opening a named pipe waits for its
  // reader.
  explicit AtomicFile(std::filesystem::path path, Durability durability = Durability::process_crash);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  // A failure is reported by `commit`.
  void write(std::string_view bytes);

  // Throws RunError with the reason when some bytes could not be written, for example because the disk is full.
  void commit();

 private:
  template <typename Call>
  void keep_failure(Call call);

  std::filesystem::path path_;       // without links
  std::filesystem::path temporary_;  // empty for a pipe or a device
  Durability durability_;
  std::ofstream stream_;
  int failure_ = 0;  // errno of the first write that failed
  bool committed_ = false;
};

void write_atomically(const std::filesystem::path& path, std::string_view bytes,
                      Durability durability = Durability::process_crash);

// Creates the folder of a file, and the folders above it. Throws RunError when this fails.
void make_folder_of(const std::filesystem::path& file);

// Throws RunError unless AtomicFile could write to `path`. Changes nothing.
void require_writable(const std::filesystem::path& path);

// Removes temporary files in `folder` that are older than one day. Killed processes leave such files. Does not look
// into the folders inside it. Never throws: a file that cannot be removed stays.
void remove_old_temporary_files(const std::filesystem::path& folder);

// Returns the bytes of the whole file. Throws DataError when it cannot be read, or is a device.
std::string read_text(const std::filesystem::path& path);

// Returns the text of a JSON file. Throws DataError when it cannot be read, or when json_refusal refuses it.
std::string read_json_text(const std::filesystem::path& path);

}  // namespace trefoil::base
