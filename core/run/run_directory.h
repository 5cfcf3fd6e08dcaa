// RunDirectory: runs/<name>/<UTC time>-<6 hex digits of the experiment's hash>/, made for one run and no other.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace trefoil::run {

class RunDirectory {
 public:
  // Makes the directory under `runs`, exclusively: two runs started in the same second get two directories. Throws
  // RunError when it cannot.
  RunDirectory(const std::filesystem::path& runs, const std::string& name, const std::string& hash);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path file(std::string_view name) const { return path_ / name; }

  void write(std::string_view name, std::string_view bytes) const;  // atomically

  // Points runs/<name>/latest here. Call when the run has succeeded. Throws RunError.
  void mark_latest() const;

 private:
  std::filesystem::path path_;
};

}  // namespace trefoil::run
