#include "run/run_directory.h"

#include <vector>

#include "base/atomic_file.h"
#include "base/checksums.h"
#include "base/errors.h"
#include "base/machine.h"

namespace trefoil::run {

namespace {

// Makes the folder. Returns false when it exists.
bool made(const std::filesystem::path& path, const char* cure) {
  std::error_code failure;
  const bool is_new = std::filesystem::create_directory(path, failure);
  if (failure) throw RunError(path.string() + ": cannot be made (" + failure.message() + ")" + cure);
  return is_new;
}

}  // namespace

RunDirectory::RunDirectory(const std::filesystem::path& path)
    : path_(std::filesystem::absolute(path).lexically_normal()) {
  if (!made(path_, "")) throw RunError(path_.string() + ": the directory exists already");
}

RunDirectory RunDirectory::stamped(const std::filesystem::path& runs, const std::string& name,
                                   const std::string& hash) {
  const std::filesystem::path parent = std::filesystem::absolute(runs / name).lexically_normal();
  std::error_code failure;
  std::filesystem::create_directories(parent, failure);
  if (failure)
    throw RunError(parent.string() + ": cannot be made (" + failure.message() + "); choose another place with --out");
  const std::string stem = base::utc_time("%Y%m%dT%H%M%SZ") + "-" + hash.substr(0, 6);
  // When several runs start in one second, the later ones get a number at the end.
  for (int attempt = 1;; ++attempt) {
    std::filesystem::path path = parent / (attempt == 1 ? stem : stem + "-" + std::to_string(attempt));
    if (!made(path, "; choose another place with --out")) continue;
    RunDirectory directory;
    directory.path_ = std::move(path);
    return directory;
  }
}

void RunDirectory::write(std::string_view name, std::string_view bytes, base::Durability durability) const {
  base::write_atomically(file(name), bytes, durability);
}

void RunDirectory::record_checksums() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    const std::string name = entry.path().filename().string();
    if (name != "status.json" && name != "log.txt") names.push_back(name);
  }
  base::record_checksums(path_, names);
}

void RunDirectory::mark_latest() const {
  const std::filesystem::path link = path_.parent_path() / "latest";
  // Only this run writes to its directory, so the link is made there.
  const std::filesystem::path made_here = path_ / "latest";
  std::error_code failure;
  std::filesystem::create_directory_symlink(path_.filename(), made_here, failure);
  if (!failure) std::filesystem::rename(made_here, link, failure);
  if (failure) throw RunError(link.string() + ": cannot be set (" + failure.message() + ")");
}

}  // namespace trefoil::run
