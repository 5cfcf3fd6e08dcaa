// RunDirectory: a folder that is made for one run.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/atomic_file.h"

namespace trefoil::run {

class RunDirectory {
 public:
  // Makes this directory. Throws RunError when it exists or cannot be made.
  explicit RunDirectory(const std::filesystem::path& path);

  // Makes runs/<name>/<UTC time>-<6 hexadecimal digits of the hash>/. Two runs that start in the same second get two
  // directories. Throws RunError when it cannot be made.
  static RunDirectory stamped(const std::filesystem::path& runs, const std::string& name, const std::string& hash);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path file(std::string_view name) const { return path_ / name; }

  // Writes a file atomically. Throws RunError.
  void write(std::string_view name, std::string_view bytes,
             base::Durability durability = base::Durability::process_crash) const;

  // Records the SHA-256 of all results in SHA256SUMS: of every file except status.json and log.txt, to which the run
  // still writes. Called when the results are complete. Throws RunError.
  void record_checksums() const;

  // Makes the link `latest` beside the directory point to it. Called when the run has succeeded. Throws RunError.
  void mark_latest() const;

 private:
  RunDirectory() = default;

  std::filesystem::path path_;
};

}  // namespace trefoil::run
