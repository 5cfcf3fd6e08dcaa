// RunDirectory: a folder made for one run and no other.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/atomic_file.h"

namespace trefoil::run {

class RunDirectory {
 public:
  // Makes exactly this directory. Throws RunError when it is there already or cannot be made.
  explicit RunDirectory(const std::filesystem::path& path);

  // Makes runs/<name>/<UTC time>-<6 hex digits of the hash>/, exclusively: two runs started in the same second get two
  // directories. Throws RunError when it cannot.
  static RunDirectory stamped(const std::filesystem::path& runs, const std::string& name, const std::string& hash);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path file(std::string_view name) const { return path_ / name; }

  // Writes a file atomically. Throws RunError.
  void write(std::string_view name, std::string_view bytes,
             base::Durability durability = base::Durability::process_crash) const;

  // Points `latest` beside it here. Call when the run has succeeded. Throws RunError.
  void mark_latest() const;

 private:
  RunDirectory() = default;

  std::filesystem::path path_;
};

}  // namespace trefoil::run
