#include "sweep/job_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/atomic_file.h"
#include "base/errors.h"

namespace trefoil::sweep {

namespace {

// False when another has the lock.
bool locked(int descriptor, const std::filesystem::path& file) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  throw RunError(file.string() + ": cannot be locked (" + std::strerror(errno) +
                 "); the file system of a sweep must know flock");
}

// Whether the open file is the one that has the name.
bool is_at(int descriptor, const std::filesystem::path& file) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(file.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

std::string text_of(const std::filesystem::path& file) {
  try {
    return base::read_text(file);
  } catch (const DataError&) {
    return "";  // not there, or removed at this moment by who takes the job up again
  }
}

}  // namespace

std::optional<Claim> Claim::take(const std::filesystem::path& file) {
  while (true) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) throw RunError(file.string() + ": cannot be made (" + std::strerror(errno) + ")");
    Claim claim(file, descriptor, /*held=*/false);
    if (!locked(descriptor, file)) return std::nullopt;
    // The last holder removes the file before it lets go; a lock on a removed file is none.
    if (!is_at(descriptor, file)) continue;
    claim.held_ = true;
    return claim;
  }
}

Claim::Claim(std::filesystem::path file, int descriptor, bool held)
    : file_(std::move(file)), descriptor_(descriptor), held_(held) {}

Claim::Claim(Claim&& other) noexcept
    : file_(std::move(other.file_)), descriptor_(std::exchange(other.descriptor_, -1)), held_(other.held_) {}

Claim::~Claim() {
  if (descriptor_ < 0) return;
  std::error_code ignored;
  if (held_) std::filesystem::remove(file_, ignored);
  ::close(descriptor_);
}

bool Claim::is_held(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return false;
  const Claim closing(file, descriptor, /*held=*/false);
  return !locked(descriptor, file);
}

JobFolder::JobFolder(const std::filesystem::path& sweep, const std::string& hash) : path_(sweep / "jobs" / hash) {}

JobState JobFolder::state() const {
  const auto status = nlohmann::json::parse(text_of(path_ / "status.json"), nullptr, false);
  const std::string state = status.is_object() ? status.value("state", "") : "";
  if (state == "done") return JobState::done;
  return state == "failed" ? JobState::failed : JobState::open;
}

std::optional<double> JobFolder::accuracy() const {
  const auto metrics = nlohmann::json::parse(text_of(path_ / "metrics.jsonl"), nullptr, false);
  if (!metrics.is_object() || !metrics.contains("test.top1")) return std::nullopt;
  return metrics.at("test.top1").get<double>();
}

std::filesystem::path JobFolder::claim_file() const {
  std::filesystem::path file = path_;
  file += ".claim";
  return file;
}

std::optional<Claim> JobFolder::claim() const { return Claim::take(claim_file()); }

bool JobFolder::is_claimed() const { return Claim::is_held(claim_file()); }

void JobFolder::remove_left_claim() const {
  // Whoever takes a claim that nobody holds removes its file at the end.
  if (std::filesystem::exists(claim_file())) claim();
}

void JobFolder::clear() const {
  std::error_code failure;
  std::filesystem::remove_all(path_, failure);
  if (failure) throw RunError(path_.string() + ": cannot be removed (" + failure.message() + ")");
}

}  // namespace trefoil::sweep
