#include "run/run_directory.h"

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/machine.h"

namespace trefoil::run {

namespace {

// Several runs of one file may start in one second; the later ones get a number behind.
std::filesystem::path make_exclusively(const std::filesystem::path& parent, const std::string& stem) {
  constexpr int kMostAttempts = 1000;
  std::error_code failure;
  for (int attempt = 1; attempt <= kMostAttempts && !failure; ++attempt) {
    std::filesystem::path path = parent / (attempt == 1 ? stem : stem + "-" + std::to_string(attempt));
    if (std::filesystem::create_directory(path, failure)) return path;  // false when it exists already
  }
  throw RunError((parent / stem).string() + ": the run directory cannot be made (" + failure.message() + ")");
}

}  // namespace

RunDirectory::RunDirectory(const std::filesystem::path& runs, const std::string& name, const std::string& hash) {
  const std::filesystem::path parent = std::filesystem::absolute(runs / name).lexically_normal();
  std::error_code failure;
  std::filesystem::create_directories(parent, failure);
  if (failure)
    throw RunError(parent.string() + ": cannot be made (" + failure.message() + "); choose another place with --out");
  path_ = make_exclusively(parent, base::utc_time("%Y%m%dT%H%M%SZ") + "-" + hash.substr(0, 6));
}

void RunDirectory::write(std::string_view name, std::string_view bytes) const {
  base::write_atomically(file(name), bytes);
}

void RunDirectory::mark_latest() const {
  const std::filesystem::path link = path_.parent_path() / "latest";
  const std::filesystem::path temporary = path_.parent_path() / (".latest-" + path_.filename().string());
  std::error_code failure;
  std::filesystem::remove(temporary, failure);
  std::filesystem::create_directory_symlink(path_.filename(), temporary, failure);
  if (!failure) std::filesystem::rename(temporary, link, failure);
  if (failure) throw RunError(link.string() + ": cannot be set (" + failure.message() + ")");
}

}  // namespace trefoil::run
