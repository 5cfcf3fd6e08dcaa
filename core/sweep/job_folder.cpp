#include "sweep/job_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/atomic_file.h"
#include "base/errors.h"

namespace trefoil::sweep {

std::optional<Claim> Claim::take(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) throw RunError(file.string() + ": cannot be made (" + std::strerror(errno) + ")");
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return Claim(file, descriptor);
  ::close(descriptor);
  return std::nullopt;
}

Claim::Claim(std::filesystem::path file, int descriptor) : file_(std::move(file)), descriptor_(descriptor) {}

Claim::Claim(Claim&& other) noexcept
    : file_(std::move(other.file_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

// Whoever opened the file before it is removed still gets the lock, and finds the job's state when it looks.
Claim::~Claim() {
  if (descriptor_ < 0) return;
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
  ::close(descriptor_);
}

JobFolder::JobFolder(const std::filesystem::path& sweep, const std::string& hash) : path_(sweep / "jobs" / hash) {}

JobState JobFolder::state() const {
  if (!std::filesystem::exists(path_ / "status.json")) return JobState::open;
  const auto status = nlohmann::json::parse(base::read_text(path_ / "status.json"), nullptr, false);
  const std::string state = status.is_object() ? status.value("state", "") : "";
  if (state == "done") return JobState::done;
  return state == "failed" ? JobState::failed : JobState::open;
}

std::optional<Claim> JobFolder::claim() const {
  std::filesystem::path file = path_;
  file += ".claim";
  return Claim::take(file);
}

void JobFolder::clear() const {
  std::error_code failure;
  std::filesystem::remove_all(path_, failure);
  if (failure) throw RunError(path_.string() + ": cannot be removed (" + failure.message() + ")");
}

}  // namespace trefoil::sweep
